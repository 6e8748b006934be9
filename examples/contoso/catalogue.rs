//! The configurations that devices are measured against.

/// Where a configuration applies.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Reach {
    /// Every Windows device.
    Windows,
    /// Windows devices on which Defender Antivirus is the active product.
    ActiveAntivirus,
    /// The same, workstations only.
    Workstations,
    /// Windows, and the row is given for Windows only.
    WindowsOnly,
    /// Windows workstations, and the row is given for those only.
    WorkstationsOnly,
    Mac,
    Linux,
}

/// One configuration.
pub(crate) struct Setting {
    pub(crate) id: &'static str,
    pub(crate) name: &'static str,
    pub(crate) category: &'static str,
    pub(crate) subcategory: &'static str,
    /// In tenths.
    pub(crate) impact: u32,
    pub(crate) remediation: &'static str,
    pub(crate) reach: Reach,
    /// How often it is missing, in percent of what a device's region leaves undone.
    pub(crate) lag: u64,
    /// It is a setting of Defender Antivirus itself, which another product replaces.
    pub(crate) antivirus: bool,
}

const fn setting(
    id: &'static str,
    name: &'static str,
    subcategory: &'static str,
    impact: u32,
    reach: Reach,
    lag: u64,
    remediation: &'static str,
) -> Setting {
    Setting { id, name, category: "Security controls", subcategory, impact, remediation, reach, lag, antivirus: false }
}

const fn antivirus(id: &'static str, name: &'static str, impact: u32, lag: u64, remediation: &'static str) -> Setting {
    let mut made = setting(id, name, "Antivirus", impact, Reach::Windows, lag, remediation);
    made.antivirus = true;
    made
}

const fn in_category(mut made: Setting, category: &'static str) -> Setting {
    made.category = category;
    made
}

const ASR: &str = "Attack surface reduction";
const EDR: &str = "EDR";
use Reach::{ActiveAntivirus, Linux, Mac, Windows, WindowsOnly, Workstations, WorkstationsOnly};

/// The catalogue, in the order of the ids' numbers.
pub(crate) const SETTINGS: &[Setting] = &[
    antivirus(
        "scid-90",
        "Enable Microsoft Defender Antivirus email scanning",
        60,
        30,
        "Turn on e-mail scanning in the antivirus policy and assign it to all workstations.",
    ),
    antivirus(
        "scid-91",
        "Enable Microsoft Defender Antivirus real-time behaviour monitoring",
        90,
        8,
        "Set behaviour monitoring to on in the antivirus policy; a local exception must be removed first.",
    ),
    setting(
        "scid-96",
        "Turn on network protection",
        "Network protection",
        80,
        ActiveAntivirus,
        40,
        "Run network protection in audit mode for a week, review what it would have stopped, then switch it to block.",
    ),
    setting(
        "scid-2000",
        "Turn on Microsoft Defender for Endpoint sensor",
        EDR,
        95,
        Windows,
        3,
        "Start the sensor service and set its start type to automatic; onboard again where it is missing.",
    ),
    setting(
        "scid-2001",
        "Fix Microsoft Defender for Endpoint sensor data collection",
        EDR,
        80,
        WindowsOnly,
        5,
        "Check the diagnostic data service and the proxy, then run the client analyser on the device.",
    ),
    setting(
        "scid-2002",
        "Fix Microsoft Defender for Endpoint impaired communications",
        EDR,
        75,
        WindowsOnly,
        6,
        "Allow the service addresses on the proxy and the firewall of the device's site.",
    ),
    setting(
        "scid-2003",
        "Turn on Tamper Protection",
        "Antivirus",
        90,
        Windows,
        16,
        "Switch tamper protection on for the whole tenant and remove the devices that were exempted for migration.",
    ),
    setting(
        "scid-2004",
        "Enable EDR in block mode",
        EDR,
        70,
        WindowsOnly,
        22,
        "Allow remediation after a breach also where another antivirus is the active one.",
    ),
    antivirus(
        "scid-2010",
        "Turn on Microsoft Defender Antivirus",
        95,
        6,
        "Remove leftovers of the former antivirus and clear the policy that keeps Defender Antivirus off.",
    ),
    antivirus(
        "scid-2011",
        "Update Microsoft Defender Antivirus definitions",
        85,
        14,
        "Let devices fetch definitions from the update service when the file share is older than a day.",
    ),
    antivirus(
        "scid-2012",
        "Turn on real-time protection",
        100,
        7,
        "Enforce real-time protection by policy so that a local administrator cannot switch it off.",
    ),
    antivirus(
        "scid-2013",
        "Turn on PUA protection in block mode",
        55,
        30,
        "Set potentially unwanted applications to block; start with audit where engineering tools are used.",
    ),
    antivirus(
        "scid-2014",
        "Fix Microsoft Defender Antivirus cloud service connectivity",
        75,
        9,
        "Allow the cloud protection addresses for the system account and test them from the device.",
    ),
    antivirus(
        "scid-2016",
        "Enable cloud-delivered protection",
        88,
        11,
        "Set cloud-delivered protection to advanced and let samples be sent without asking.",
    ),
    in_category(
        setting(
            "scid-2021",
            "Set controlled folder access to enabled or audit mode",
            "Exploit guard",
            45,
            WorkstationsOnly,
            70,
            "Begin with audit mode; allow the applications that write to protected folders, then enable it.",
        ),
        "Application",
    ),
    in_category(
        setting(
            "scid-2060",
            "Set Microsoft Defender SmartScreen app and file checking to block or warn",
            "SmartScreen",
            65,
            WorkstationsOnly,
            18,
            "Set the shell's SmartScreen policy to warn, and to block on shared devices.",
        ),
        "Application",
    ),
    in_category(
        setting(
            "scid-2070",
            "Turn on Microsoft Defender Firewall",
            "Firewall",
            80,
            Windows,
            7,
            "Turn the firewall on for all three profiles and merge local rules only where an owner asked for it.",
        ),
        "Network",
    ),
    in_category(
        setting(
            "scid-2071",
            "Secure Microsoft Defender Firewall domain profile",
            "Firewall",
            65,
            WindowsOnly,
            20,
            "Block inbound connections by default in the domain profile and keep the list of exceptions short.",
        ),
        "Network",
    ),
    in_category(
        setting(
            "scid-2080",
            "Turn on Microsoft Defender Credential Guard",
            "Credential protection",
            85,
            WindowsOnly,
            48,
            "Enable virtualisation-based security in firmware, then deploy the policy with the lock.",
        ),
        "OS",
    ),
    in_category(
        setting(
            "scid-2090",
            "Encrypt all BitLocker-supported drives",
            "BitLocker",
            70,
            WorkstationsOnly,
            12,
            "Encrypt the system and data drives and keep the recovery keys in the directory.",
        ),
        "OS",
    ),
    setting(
        "scid-2500",
        "Block executable content from email client and webmail",
        ASR,
        80,
        Workstations,
        32,
        "Set the rule to block; mail clients of the packaging team need no exception any more.",
    ),
    setting(
        "scid-2501",
        "Block all Office applications from creating child processes",
        ASR,
        85,
        Workstations,
        55,
        "Audit first: add-ins of the finance team start helpers. Sign them, allow them, then block.",
    ),
    setting(
        "scid-2504",
        "Block JavaScript or VBScript from launching downloaded executable content",
        ASR,
        75,
        ActiveAntivirus,
        28,
        "Set the rule to block; replace the two logon scripts that still download tools.",
    ),
    setting(
        "scid-2505",
        "Block execution of potentially obfuscated scripts",
        ASR,
        80,
        ActiveAntivirus,
        38,
        "Set the rule to block after a fortnight in audit mode; sign the scripts of the operations team.",
    ),
    setting(
        "scid-2506",
        "Block Win32 API calls from Office macros",
        ASR,
        80,
        Workstations,
        24,
        "Set the rule to block; the last macro that needed it was retired.",
    ),
    setting(
        "scid-2507",
        "Block executable files unless they meet a prevalence, age or trusted list criterion",
        ASR,
        65,
        Workstations,
        62,
        "Use warn instead of block on developers' devices, and block everywhere else.",
    ),
    setting(
        "scid-2508",
        "Use advanced protection against ransomware",
        ASR,
        90,
        ActiveAntivirus,
        34,
        "Set the rule to block. Backup agents are known to the cloud service and need no exception.",
    ),
    setting(
        "scid-2509",
        "Block credential stealing from the Windows local security authority subsystem (lsass.exe)",
        ASR,
        95,
        ActiveAntivirus,
        26,
        "Set the rule to block; it is noisy in audit mode and harmless in block mode.",
    ),
    setting(
        "scid-2510",
        "Block process creations originating from PSExec and WMI commands",
        ASR,
        75,
        ActiveAntivirus,
        58,
        "Leave it in audit mode on devices managed by Configuration Manager, block on all others.",
    ),
    setting(
        "scid-5090",
        "Turn on real-time protection (macOS)",
        "Antivirus",
        90,
        Mac,
        10,
        "Deploy the preference profile and grant the system extension full disk access.",
    ),
    setting(
        "scid-6090",
        "Turn on real-time protection (Linux)",
        "Antivirus",
        85,
        Linux,
        24,
        "Set the enforcement level to real-time in the managed configuration file.",
    ),
];
