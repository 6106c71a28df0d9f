//! The layers of the sandbox, and which of them hold.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Layer {
    /// The program sees no file but those that it was given.
    Files,
    /// It reaches no network, not even this machine's own.
    Network,
    /// It sees and can signal no process outside.
    Processes,
    /// It is not root, and cannot become it.
    Privileges,
    /// Landlock refuses files by itself.
    Landlock,
    /// seccomp refuses system calls.
    Seccomp,
    /// Memory, time, processes and file sizes are limited.
    Limits,
}

impl Layer {
    /// All of them.
    pub const ALL: [Layer; 7] = [
        Layer::Files,
        Layer::Network,
        Layer::Processes,
        Layer::Privileges,
        Layer::Landlock,
        Layer::Seccomp,
        Layer::Limits,
    ];
}

impl fmt::Display for Layer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Layer::Files => "files",
            Layer::Network => "network",
            Layer::Processes => "processes",
            Layer::Privileges => "privileges",
            Layer::Landlock => "landlock",
            Layer::Seccomp => "seccomp",
            Layer::Limits => "limits",
        })
    }
}

/// Which layers hold here.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Layers {
    /// Those that stood their test.
    pub holding: Vec<Layer>,
    /// What the others said instead, for a person.
    pub remarks: Vec<String>,
}

impl Layers {
    /// Those that did not stand it.
    pub fn missing(&self) -> Vec<Layer> {
        Layer::ALL.into_iter().filter(|layer| !self.holding.contains(layer)).collect()
    }
}
