//! What somebody may do who comes in: the scopes of a host's key and the roles of the team.

/// What a host's key is good for. A key has at least one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyScope {
    /// Sending sessions.
    Events,
    /// Making members, changing what is known of them, and signing them in.
    Members,
    /// Having members erased, and asking how far that has come.
    Erasure,
}

impl KeyScope {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Events, Self::Members, Self::Erasure];

    /// The name in the database and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Events => "events",
            Self::Members => "members",
            Self::Erasure => "erasure",
        }
    }

    /// The scope with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.name() == name)
    }
}

/// What a person of the team is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StaffRole {
    /// Reads figures about the product.
    Analyst,
    /// Judges cards, without seeing whose they are.
    Reviewer,
    /// Keeps the machine running.
    Operator,
}

impl StaffRole {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Analyst, Self::Reviewer, Self::Operator];

    /// The name in the database and on the command line.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Analyst => "analyst",
            Self::Reviewer => "reviewer",
            Self::Operator => "operator",
        }
    }

    /// The role with this name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_what_it_names() {
        assert!(KeyScope::ALL.iter().all(|scope| KeyScope::from_name(scope.name()) == Some(*scope)));
        assert!(StaffRole::ALL.iter().all(|role| StaffRole::from_name(role.name()) == Some(*role)));
        assert_eq!((KeyScope::from_name("all"), StaffRole::from_name("owner")), (None, None));
    }
}
