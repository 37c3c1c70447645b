//! The few interactive leaves of the pages: the only code that reaches the browser.

pub mod browser_notices;
pub mod exclude_control;
pub mod readout;
