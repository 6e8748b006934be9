//! A real web server with the configuration that the command wrote, on loopback.

use std::fs;
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tempfile::TempDir;

use super::portal::Portal;
use super::sign_in::SignIn;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Nginx,
    Caddy,
}

impl Kind {
    pub(crate) const ALL: [Kind; 2] = [Kind::Nginx, Kind::Caddy];

    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::Nginx => "nginx",
            Kind::Caddy => "caddy",
        }
    }

    /// The program; Debian keeps servers out of the path of most users.
    fn program(self) -> Option<PathBuf> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let places = std::env::split_paths(&path).chain([PathBuf::from("/usr/sbin"), PathBuf::from("/usr/bin")]);
        places.map(|place| place.join(self.name())).find(|program| program.is_file())
    }

    pub(crate) fn is_there(self) -> bool {
        self.program().is_some()
    }

    /// Writes, beside a directory `threatpress`, a main configuration that reads it.
    fn main(self, home: &Path) -> PathBuf {
        let temporary: String = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
            .map(|kind| format!("    {kind}_temp_path {}/{kind};\n", home.display()))
            .concat();
        let (name, text) = match self {
            Kind::Nginx => (
                "nginx.conf",
                format!(
                    "daemon off;\nmaster_process off;\npid {home}/pid;\nerror_log {home}/error.log info;\nevents {{}}\n\
                     http {{\n    access_log {home}/access.log;\n{temporary}    include threatpress/*.conf;\n}}\n",
                    home = home.display(),
                ),
            ),
            Kind::Caddy => {
                ("Caddyfile", "{\n\tadmin off\n\tauto_https off\n}\nimport threatpress/*.caddy\n".to_owned())
            }
        };
        let path = home.join(name);
        fs::write(&path, text).unwrap();
        path
    }

    fn command(self, home: &Path, verb: &str) -> Command {
        let main = self.main(home);
        let mut command = Command::new(self.program().unwrap());
        match self {
            Kind::Nginx => {
                command.arg("-c").arg(main).arg("-p").arg(home).arg("-e").arg(home.join("early.log"));
                if verb == "validate" {
                    command.arg("-t");
                }
            }
            Kind::Caddy => {
                command.arg(verb).arg("--config").arg(main).args(["--adapter", "caddyfile"]);
                command.env("HOME", home).env("XDG_DATA_HOME", home).env("XDG_CONFIG_HOME", home);
            }
        }
        command.stdin(Stdio::null());
        command
    }

    /// What the server itself says of the configuration beside `home/threatpress`.
    pub(crate) fn validate(self, home: &Path) -> Result<(), String> {
        let done = self.command(home, "validate").output().unwrap();
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        let doubtful = said.contains("[warn]") || said.contains("\"level\":\"error\"");
        if done.status.success() && !doubtful { Ok(()) } else { Err(said) }
    }
}

/// A server that runs until it is dropped.
pub(crate) struct Server {
    process: Child,
    home: TempDir,
    pub(crate) kind: Kind,
    pub(crate) port: u16,
}

impl Server {
    pub(crate) fn start(kind: Kind, portal: &Portal, sign_in: &SignIn) -> Server {
        Self::start_asking(kind, portal, &sign_in.address())
    }

    /// Starts it with a sign-in service at some address.
    pub(crate) fn start_asking(kind: Kind, portal: &Portal, sign_in: &str) -> Server {
        let home = TempDir::new().unwrap();
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let (out, root) = (home.path().join("threatpress"), portal.root());
        let done = portal.run(&[
            "hosting",
            kind.name(),
            "--root",
            root.to_str().unwrap(),
            "--sign-in",
            sign_in,
            "--listen",
            &format!("127.0.0.1:{port}"),
            "--out",
            out.to_str().unwrap(),
        ]);
        assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
        kind.validate(home.path()).unwrap();
        let log = fs::File::create(home.path().join("said")).unwrap();
        let process = kind.command(home.path(), "run").stdout(log.try_clone().unwrap()).stderr(log).spawn().unwrap();
        let server = Server { process, home, kind, port };
        server.wait();
        server
    }

    fn wait(&self) {
        for _ in 0..600 {
            if TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            thread::sleep(Duration::from_millis(50));
        }
        panic!("{} does not listen:\n{}", self.kind.name(), self.said());
    }

    /// What it wrote while it ran.
    pub(crate) fn said(&self) -> String {
        let read = |name: &str| fs::read_to_string(self.home.path().join(name)).unwrap_or_default();
        read("said") + &read("error.log")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
