//! Counts that are shown only where they are of enough people, so that nobody is found in them.

use std::fmt;

use serde::{Serialize, Serializer};

/// People below whom no figure is shown.
pub const FEWEST_PEOPLE: u64 = 10;

/// A count that says itself only from ten people on. None at all is hidden as well: that it is nobody can be as telling.
///
/// PRIVACY: nothing that is printed, serialised or compared gives a hidden count away; two hidden ones are equal.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Cell(Option<u64>);

impl Cell {
    /// One that is hidden whatever it holds.
    pub const HIDDEN: Self = Self(None);

    /// So many people.
    pub const fn of(people: u64) -> Self {
        Self(if people >= FEWEST_PEOPLE { Some(people) } else { None })
    }

    /// How many, if they are enough.
    pub const fn shown(self) -> Option<u64> {
        self.0
    }

    /// Whether it is not shown.
    pub const fn is_hidden(self) -> bool {
        self.0.is_none()
    }

    /// The cells of a row beside which its total is shown. What is hidden could be had by subtraction, so it has to be two cells or more
    /// and ten people or more, all hidden ones together: as many shown cells as that takes, smallest first, are hidden too. Only empty
    /// cells and small ones: nothing helps, and all are hidden.
    pub fn row(counts: &[u64]) -> Vec<Self> {
        let mut cells: Vec<Self> = counts.iter().copied().map(Self::of).collect();
        loop {
            let hidden = || counts.iter().zip(&cells).filter(|(_, cell)| cell.is_hidden());
            let (how_many, people) = (hidden().count(), hidden().map(|(count, _)| count).sum::<u64>());
            if how_many == 0 || (how_many > 1 && people >= FEWEST_PEOPLE) {
                return cells;
            }
            let smallest = (0..cells.len()).filter(|at| !cells[*at].is_hidden()).min_by_key(|at| counts[*at]);
            let Some(smallest) = smallest else { return cells };
            cells[smallest] = Self::HIDDEN;
        }
    }
}

impl fmt::Display for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(people) => people.fmt(f),
            None => write!(f, "fewer than {FEWEST_PEOPLE}"),
        }
    }
}

impl fmt::Debug for Cell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn nine_are_hidden_and_ten_are_shown() {
        assert_eq!(Cell::of(9).shown(), None);
        assert_eq!(Cell::of(10).shown(), Some(10));
        assert_eq!(format!("{} {:?}", Cell::of(12), Cell::of(3)), "12 fewer than 10");
        assert_eq!(serde_json::to_string(&[Cell::of(12), Cell::of(3)]).expect("JSON"), "[12,null]");
    }

    #[test]
    fn one_hidden_cell_takes_another_with_it() {
        let shown = |counts: &[u64]| Cell::row(counts).into_iter().map(Cell::shown).collect::<Vec<_>>();
        assert_eq!(shown(&[40, 3, 25]), [Some(40), None, None]);
        assert_eq!(shown(&[40, 30, 25]), [Some(40), Some(30), Some(25)]);
        assert_eq!(shown(&[40, 8, 5]), [Some(40), None, None]);
        // Together they would be four people.
        assert_eq!(shown(&[40, 3, 1]), [None, None, None]);
        assert_eq!(shown(&[3]), [None]);
        assert_eq!(shown(&[]), []);
    }

    proptest! {
        /// What is left after subtraction is ten people or more, in two cells or more; or nothing is shown at all.
        #[test]
        fn nothing_is_had_by_subtraction(counts in proptest::collection::vec(0u64..60, 0..8)) {
            let cells = Cell::row(&counts);
            let shown: u64 = cells.iter().filter_map(|cell| cell.shown()).sum();
            let hidden = cells.iter().filter(|cell| cell.is_hidden()).count();
            let rest = counts.iter().sum::<u64>() - shown;
            prop_assert!(hidden == 0 || (hidden > 1 && rest >= FEWEST_PEOPLE) || hidden == cells.len());
            for (cell, count) in cells.iter().zip(&counts) {
                prop_assert!(cell.shown().is_none_or(|shown| shown == *count && shown >= FEWEST_PEOPLE));
            }
        }
    }
}
