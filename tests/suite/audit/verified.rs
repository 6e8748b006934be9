//! `verify`: a build that is not what was published is told, file by file.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::process::{Command, Output};

use super::{Build, Site, messages, told};

fn verify(build: &Build, format: &str) -> Output {
    command(build, format).output().unwrap()
}

fn command(build: &Build, format: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_threatpress"));
    command.args(["verify", "--format", format]).arg(build.dir());
    command
}

/// The codes and the files of the errors, after the directory.
fn problems(build: &Build) -> Vec<(String, String)> {
    let output = verify(build, "json");
    let messages = messages(&output);
    let expected = if messages.is_empty() { 0 } else { 3 };
    assert_eq!(output.status.code(), Some(expected), "{messages:?}");
    let dir = build.dir();
    let place = |file: &str| file.strip_prefix(dir.to_str().unwrap()).unwrap().trim_start_matches('/').to_owned();
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    messages.iter().map(|message| (text(&message["code"]), place(message["file"].as_str().unwrap()))).collect()
}

fn problem(code: &str, file: &str) -> (String, String) {
    (code.to_owned(), file.to_owned())
}

#[test]
fn a_build_is_what_was_published() {
    let site = Site::new().built();
    let build = site.copy("soc");
    let output = verify(&build, "text");
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{said}");
    let files: Vec<_> = walkdir::WalkDir::new(build.dir()).into_iter().map(|e| e.unwrap()).collect();
    let files: Vec<_> = files.iter().filter(|e| e.file_type().is_file() && e.file_name() != "manifest.json").collect();
    let bytes: u64 = files.iter().map(|entry| entry.metadata().unwrap().len()).sum();
    assert!(said.contains(&format!("{} files, {bytes} bytes, match the manifest", files.len())), "{said}");
}

#[test]
fn every_file_is_held_against_its_digest() {
    let site = Site::new().built();
    let whole = site.copy("emea-it");
    for entry in walkdir::WalkDir::new(whole.dir()).into_iter().map(|entry| entry.unwrap()) {
        let path = entry.path().strip_prefix(whole.dir()).unwrap().to_str().unwrap().to_owned();
        if !entry.file_type().is_file() || path == "manifest.json" {
            continue;
        }
        let build = site.copy("emea-it");
        let mut bytes = fs::read(entry.path()).unwrap();
        let middle = bytes.len() / 2;
        bytes[middle] ^= 1;
        build.put(&path, bytes);
        assert_eq!(problems(&build), [problem("TP0810", &path)]);
    }
}

#[test]
fn what_is_added_removed_renamed_or_swapped_is_named() {
    let site = Site::new().built();
    let build = site.copy("emea-it");
    build.put("threats/new.html", "x");
    assert_eq!(problems(&build), [problem("TP0812", "threats/new.html")]);

    let build = site.copy("emea-it");
    fs::create_dir(build.dir().join("empty")).unwrap();
    assert_eq!(problems(&build), [problem("TP0812", "empty")]);

    let build = site.copy("emea-it");
    symlink("index.html", build.dir().join("link.html")).unwrap();
    assert_eq!(problems(&build), [problem("TP0812", "link.html")]);

    let build = site.copy("emea-it");
    fs::remove_file(build.dir().join("feed.xml")).unwrap();
    assert_eq!(problems(&build), [problem("TP0811", "feed.xml")]);

    let build = site.copy("emea-it");
    fs::rename(build.dir().join("feed.xml"), build.dir().join("food.xml")).unwrap();
    assert_eq!(problems(&build), [problem("TP0811", "feed.xml"), problem("TP0812", "food.xml")]);
    assert!(told(&messages(&verify(&build, "json")), "TP0811")[0]["hint"].as_str().unwrap().contains("`food.xml`"));

    let build = site.copy("emea-it");
    let (one, two) = (build.dir().join("data.json"), build.dir().join("threats/data.json"));
    let (first, second) = (fs::read(&one).unwrap(), fs::read(&two).unwrap());
    fs::write(&one, second).unwrap();
    fs::write(&two, first).unwrap();
    assert_eq!(problems(&build), [problem("TP0810", "data.json"), problem("TP0810", "threats/data.json")]);
    let told = messages(&verify(&build, "json"));
    assert!(told[0]["hint"].as_str().unwrap().contains("`threats/data.json`"), "{told:?}");

    // A link to what was there is not what was there.
    let build = site.copy("emea-it");
    fs::rename(build.dir().join("feed.xml"), build.home.path().join("feed.xml")).unwrap();
    symlink(build.home.path().join("feed.xml"), build.dir().join("feed.xml")).unwrap();
    assert_eq!(problems(&build), [problem("TP0812", "feed.xml")]);
}

#[test]
fn modes_count() {
    let site = Site::new().built();
    for (path, mode) in [("index.html", 0o600), ("threats", 0o700), ("", 0o777), ("manifest.json", 0o666)] {
        let build = site.copy("emea-it");
        fs::set_permissions(build.dir().join(path), fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(problems(&build), [problem("TP0813", path)]);
    }
}

#[test]
fn a_damaged_manifest_verifies_nothing() {
    let site = Site::new().built();
    let whole = fs::read(site.output("emea-it").join("manifest.json")).unwrap();
    for length in [0, 1, 10, whole.len() / 2, whole.len() - 2, whole.len() - 1] {
        let build = site.copy("emea-it");
        build.put("manifest.json", &whole[..length]);
        assert_eq!(problems(&build), [problem("TP0704", "manifest.json")], "{length} bytes");
    }
    let build = site.copy("emea-it");
    fs::remove_file(build.dir().join("manifest.json")).unwrap();
    assert_eq!(problems(&build), [problem("TP0811", "manifest.json")]);
    let build = site.copy("emea-it");
    build.put("manifest.json", [&whole[..], b" "].concat());
    assert_eq!(problems(&build), [problem("TP0704", "manifest.json")]);
}

#[test]
fn a_manifest_of_an_older_version_is_read() {
    let site = Site::new().built();
    let build = site.copy("emea-it");
    let manifest = fs::read_to_string(build.dir().join("manifest.json")).unwrap();
    build.put("manifest.json", manifest.replace("  \"audited\": true,\n", ""));
    assert_eq!(problems(&build), []);
}

#[test]
fn what_has_no_manifest_matches_none() {
    let site = Site::new().built();
    let build = site.copy("soc");
    fs::remove_file(build.dir().join("manifest.json")).unwrap();
    let output = verify(&build, "text");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(said.contains("TP0811") && !said.contains("match the manifest"), "{said}");
}

/// The build of another role is whole too.
#[test]
fn whose_build_it_is_is_said_and_asked() {
    let site = Site::new().built();
    let build = site.copy("soc");
    let said = String::from_utf8(verify(&build, "text").stderr).unwrap();
    assert!(said.contains("match the manifest of role `soc`: the build is what was published"), "{said}");
    let result = |output: &Output| serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
    let right = command(&build, "json").args(["--role", "soc"]).output().unwrap();
    assert_eq!((right.status.code(), &result(&right)["matches"]), (Some(0), &true.into()));
    let wrong = command(&build, "json").args(["--role", "emea-it"]).output().unwrap();
    assert_eq!((wrong.status.code(), &result(&wrong)["matches"]), (Some(3), &false.into()));
    assert_eq!(result(&wrong)["role"], "soc");
    assert!(messages(&wrong)[0]["message"].as_str().unwrap().contains("of role `soc`, and not that of `emea-it`"));
    assert_eq!(messages(&wrong)[0]["code"], "TP0814");
}

/// Nothing that is put beside a file keeps it from being looked at.
#[test]
fn what_cannot_be_read_hides_no_other_change() {
    use std::os::unix::ffi::OsStrExt as _;
    let site = Site::new().built();
    let build = site.copy("emea-it");
    let mut page = fs::read(build.dir().join("index.html")).unwrap();
    page[40] ^= 1;
    build.put("index.html", page);
    fs::write(build.dir().join(std::ffi::OsStr::from_bytes(b"a\xff.html")), "x").unwrap();
    let large = |path: &str| fs::File::create(build.dir().join(path)).unwrap().set_len(3 << 30).unwrap();
    large("large.bin");
    large("feed.xml");
    let changed = [
        problem("TP0812", "a\\xff.html"),
        problem("TP0810", "feed.xml"),
        problem("TP0810", "index.html"),
        problem("TP0812", "large.bin"),
    ];
    assert_eq!(problems(&build), changed);
}

#[cfg(feature = "trial")]
#[test]
fn what_cannot_be_read_is_a_problem_among_others() {
    let site = Site::new().built();
    let build = site.copy("emea-it");
    build.put("index.html", "x");
    let verify = |faults: &str| {
        let output = command(&build, "json").env("THREATPRESS_FAULT", faults).output().unwrap();
        assert_eq!(output.status.code(), Some(3));
        let told = String::from_utf8(output.stderr).unwrap();
        let told = told.lines().filter(|line| !line.starts_with("trial: "));
        let told = told.map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
        let told =
            told.map(|line| (line["code"].as_str().unwrap().to_owned(), line["file"].as_str().unwrap().to_owned()));
        told.map(|(code, file)| (code, file.rsplit('/').next().unwrap().to_owned())).collect::<Vec<_>>()
    };
    let faults = format!("read {}:EACCES", build.dir().join("feed.xml").display());
    assert_eq!(verify(&faults), [problem("TP0803", "feed.xml"), problem("TP0810", "index.html")]);
    let faults = format!("read {}:EACCES", build.dir().join("manifest.json").display());
    assert_eq!(verify(&faults), [problem("TP0803", "manifest.json")]);
}
