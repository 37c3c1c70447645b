//! Tries sentences on the guard by hand, in both languages.
