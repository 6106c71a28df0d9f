//! The watch without a screen: lines, each time something has come out.

use std::io::Write;

use super::model::{Advice, Model, Outcome, Phase};
use crate::commands::page::{Page, Span};
use crate::commands::report::{self, Next};
use crate::commands::{print, style};
use crate::text::{say, word};

/// What has been printed already.
#[derive(Default)]
pub struct Plain {
    announced: Option<usize>,
    told: Option<u64>,
    advised: Option<u64>,
    building: bool,
}

impl Plain {
    /// Prints what is new in the model; returns whether the exercise has just
    /// passed, so that there is a next one to go to.
    pub fn tell(&mut self, model: &Model, width: usize, out: &mut impl Write) -> bool {
        let mut page = Page::new();
        if self.announced != Some(model.at) {
            self.announced = Some(model.at);
            let file = &model.subject().file;
            page.text(0, style::DIM, say("watch-watching", &[("file", file)]));
        }
        let building = matches!(model.run.as_ref().map(|r| &r.phase), Some(Phase::Building(_)));
        if building && !self.building {
            page.text(0, style::PLAIN, word("watch-building"));
        }
        self.building = building;
        let mut passed = false;
        if model.run.is_none()
            && self.told != Some(model.check)
            && model.outcome != Outcome::Nothing
        {
            self.told = Some(model.check);
            passed = self.outcome(&mut page, model, width);
        }
        if let (Advice::Here(advice), true) = (&model.advice, self.advised != Some(model.check)) {
            self.advised = Some(model.check);
            page.append(report::advice(advice));
        }
        print::write(out, &page, width);
        passed
    }

    fn outcome(&self, page: &mut Page, model: &Model, width: usize) -> bool {
        match &model.outcome {
            Outcome::Verdict(verdict) => {
                let subject = model.subject();
                let next = model.next().map(|at| model.subjects[at].name().to_owned());
                let line: Vec<Span> = vec![report::headline(subject, verdict)];
                page.pieces(0, line);
                let next = Next::Saving(next);
                page.append(report::page(subject, verdict, width, &next));
                page.append(next.page(subject, verdict));
                page.gap();
                verdict.status.is_passed()
            }
            Outcome::Problem(problem) => {
                page.append(problem.clone());
                false
            }
            Outcome::Nothing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::sample;
    use crate::progress::Progress;
    use crate::watch::message::{Msg, News};
    use crate::watch::update::{begin, update};

    fn told(plain: &mut Plain, model: &Model) -> (String, bool) {
        let mut out = Vec::new();
        let passed = plain.tell(model, 80, &mut out);
        let out = String::from_utf8(out).unwrap();
        (anstream::adapter::strip_str(&out).to_string(), passed)
    }

    #[test]
    fn everything_is_said_once() {
        let (_folder, kit) = sample::kit();
        let mut model = Model::new(&kit, Progress::default());
        begin(&mut model);
        let mut plain = Plain::default();
        assert!(told(&mut plain, &model).0.starts_with("Watching exercises/01_first/one.rs."));
        assert_eq!(told(&mut plain, &model).0, "");
        update(&mut model, Msg::Check(1, News::Building));
        assert!(told(&mut plain, &model).0.starts_with("Building"));
        assert_eq!(told(&mut plain, &model).0, "");

        let verdict = |v| News::Verdict(Box::new(Ok(v)));
        update(&mut model, Msg::Check(1, verdict(sample::failed("one"))));
        let (text, passed) = told(&mut plain, &model);
        assert!(text.starts_with("✗ one: not right yet") && !passed, "{text}");
        assert_eq!(told(&mut plain, &model).0, "");

        update(&mut model, Msg::Changed);
        update(&mut model, Msg::Check(2, verdict(sample::passed("one"))));
        let (text, passed) = told(&mut plain, &model);
        assert!(text.contains("Next: two.") && passed, "{text}");
    }
}
