//! Not part of the checker: a test program for its tests, compiled by them. It
//! writes the records that the kit would write, and such as the kit never would.

fn record(test: &str, outcome: &str) {
    let path = std::env::var("ASYNCLINGS_RECORD").unwrap();
    let json =
        format!(r#"{{"version":1,"test":"{test}","outcome":"{outcome}","end_us":0,"events":[]}}"#);
    std::fs::write(path, json).unwrap();
}

mod visible {
    use super::record;

    #[test]
    fn z_passes() {
        record("visible::z_passes", "passed");
    }

    #[test]
    fn fails() {
        record("visible::fails", "failed");
        panic!("as recorded");
    }

    #[test]
    fn leaves_no_record() {}

    #[test]
    fn leaves_anothers_record() {
        record("visible::z_passes", "passed");
    }

    #[test]
    fn leaves_half_a_record() {
        std::fs::write(std::env::var("ASYNCLINGS_RECORD").unwrap(), "{\"version\":1,").unwrap();
    }

    #[test]
    fn exits_early() {
        std::process::exit(0);
    }

    #[test]
    fn aborts() {
        std::process::abort();
    }

    #[test]
    fn fails_after_its_last_check() {
        record("visible::fails_after_its_last_check", "passed");
        panic!("a destructor, say");
    }

    #[test]
    fn prints_much() {
        for _ in 0..4_000 {
            println!("{}", "x".repeat(100));
        }
        record("visible::prints_much", "passed");
    }
}

mod hidden {
    use super::record;

    #[test]
    fn never_ends() {
        loop {
            std::thread::park();
        }
    }

    #[test]
    fn a_passes() {
        record("hidden::a_passes", "passed");
    }
}

mod mine {
    #[test]
    fn a_test_of_the_learners_own() {}
}
