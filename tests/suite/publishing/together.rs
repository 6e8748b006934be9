//! Several builds want one output.

use super::{Edition, Stage, messages};

#[test]
fn builds_at_once_never_mix() {
    let stage = Stage::new();
    let (mut won, mut waited) = (0, 0);
    for round in 0..24 {
        let count = 2 + round % 7;
        let edition = |at: usize| if (at + round).is_multiple_of(2) { Edition::Old } else { Edition::New };
        let children = (0..count).map(|at| {
            let mut command = stage.build(edition(at));
            command.stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn().unwrap()
        });
        let children: Vec<_> = children.collect();
        let mut winners = Vec::new();
        for (at, child) in children.into_iter().enumerate() {
            let output = child.wait_with_output().unwrap();
            let told = messages(&output);
            match output.status.code() {
                Some(0) => winners.push(edition(at)),
                Some(4) => {
                    assert!(told.iter().any(|line| line["code"] == "TP0701"), "{told:#?}");
                    waited += 1;
                }
                _ => panic!("{}: {told:#?}", output.status),
            }
        }
        assert!(winners.contains(&stage.edition()), "what stands was built by none of {winners:?}");
        won += winners.len();
    }
    crate::bench::note(&format!("builds started at once on one output: {won} built, {waited} said that it is locked"));
    stage.reset();
}

/// A first build, when even the output is missing.
#[test]
fn first_builds_at_once_never_mix() {
    let stage = Stage::new();
    for _ in 0..10 {
        std::fs::remove_dir_all(stage.out()).unwrap();
        let start = |edition| {
            stage.build(edition).stdout(std::process::Stdio::null()).stderr(std::process::Stdio::piped()).spawn()
        };
        let children = [Edition::Old, Edition::New, Edition::Old, Edition::New].map(|edition| start(edition).unwrap());
        let outcomes = children.map(|child| child.wait_with_output().unwrap());
        for output in &outcomes {
            let locked = messages(output).iter().any(|line| line["code"] == "TP0701");
            assert!(output.status.success() || locked, "{:#?}", messages(output));
        }
        assert!(outcomes.iter().any(|output| output.status.success()));
        stage.edition();
        stage.reset();
    }
}
