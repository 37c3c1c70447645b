//! What each kind of job does, in a sentence for whoever finds one dead.

/// The sentence of a kind; nothing for one that this version does not know.
pub fn does(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "analyze_session" => {
            "Reads a session that has ended, measures each of the member’s turns and orders its day to be added up."
        }
        "refresh_rollups" => "Adds a day up again, and the week and month that hold it.",
        "rebuild_weeks" => {
            "Adds all weeks of a member up again, because they begin on another day or are told in another language now."
        }
        "close_idle_session" => "Ends a session to which nothing has come for long enough, so that it is read.",
        "reanalyze_member" => "Reads anew what another model has read of a member, a few sessions at a time.",
        "spread_period" => {
            "Gives a week, a month or a daily round that has fallen due out to its members, page by page."
        }
        "aggregate_week" => "Adds a week that has ended up for a page of members, and orders that they be told.",
        "aggregate_month" => "Adds a month that has ended up for a page of members, and orders that they be told.",
        "write_editions" => "Writes anew what was told to a member and is not what their sums say any more.",
        "publish_period" => "Tells a page of members of a week or month that has ended, and plans their pushes.",
        "send_pushes" => "Sends what has come due by a channel of pushes, for some minutes at most.",
        "rephrase_edition" => {
            "Asks a model to put what was told into other words; until then the words of the templates stand."
        }
        "submit_rephrasings" => "Hands what waits for a model in as one batch.",
        "collect_rephrasings" => "Asks how far a model’s batch is, and takes its answers.",
        "reconcile_members" => "Looks through a page of members for what was left undone, and orders it.",
        "purge_expired" => "Lets go what has been kept for as long as it may be.",
        "sum_use" => "Adds up how Spectrum was used in the days, weeks and months that are over, for the team’s pages.",
        "export_member" => "Gathers everything held about a member for the archive that they asked for.",
        "erase_member" => {
            "Erases everything about a member and signs the receipt. Dead, it is a promise that is not kept: see to it first."
        }
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use spectrum_domain::job::Job;

    use super::does;

    #[test]
    fn every_kind_is_explained_in_sentences_of_its_own() {
        let mut said: Vec<&str> = Job::KINDS.into_iter().filter_map(does).collect();
        assert!(said.iter().all(|text| text.ends_with('.') && text.len() > 30));
        said.sort_unstable();
        said.dedup();
        assert_eq!(said.len(), Job::KINDS.len());
        assert_eq!(does("nothing_of_ours"), None);
    }
}
