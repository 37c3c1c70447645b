//! What is read of any span of days: the landscape, the patterns, the list of sessions.

use chrono::NaiveDate;
use spectrum_domain::{
    member::Member,
    span::Span,
    stretch::{Landscape, Stretch},
};

use super::Services;
use crate::{
    db::{pool::Duty, shield::shielded},
    error::ServiceError,
    rollup::{
        list_sessions::{self, SessionPage},
        load_landscape, load_patterns,
    },
};

impl Services {
    /// The member's landscape of a span.
    pub async fn load_landscape(&self, member: &Member, span: Span) -> Result<Landscape, ServiceError> {
        let (this, member) = (self.clone(), member.clone());
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member.member_id).await?;
            load_landscape::load(&mut transaction, &member, span, this.today(&member)).await
        })
        .await
    }

    /// The member's patterns of a span.
    pub async fn load_patterns(&self, member: &Member, span: Span) -> Result<Stretch, ServiceError> {
        let (this, member) = (self.clone(), member.clone());
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member.member_id).await?;
            load_patterns::load(&mut transaction, &member, span, this.today(&member)).await
        })
        .await
    }

    /// The member's sessions of a span before a day, or of all of it: a page of them, newest first.
    pub async fn list_sessions(
        &self,
        member: &Member,
        span: Span,
        before: Option<NaiveDate>,
    ) -> Result<SessionPage, ServiceError> {
        let (this, member) = (self.clone(), member.clone());
        shielded(async move {
            let mut transaction = this.begin_for(Duty::Web, member.member_id).await?;
            list_sessions::list(&mut transaction, &member, span, before).await
        })
        .await
    }
}
