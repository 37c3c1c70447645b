//! Permission as an argument: a handler that takes one of these can't be reached without it. Who calls was found out before
//! (`recognise.rs`); here it is asked whether that is enough.

use std::marker::PhantomData;

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use spectrum_core::{Services, access::host_key::KnownHost};
use spectrum_domain::{access::KeyScope, effect::experiment::Trial, id::HostId, member::Member};

use super::{problem::Problem, recognise::Recognised};

/// What a host's key must be good for, as a type.
pub trait Needs {
    /// The scope.
    const SCOPE: KeyScope;
}

macro_rules! needs {
    ($($name:ident => $scope:ident),*) => { $(
        #[doc = concat!("The scope `", stringify!($scope), "`.")]
        #[derive(Clone, Copy, Debug)]
        pub struct $name;

        impl Needs for $name {
            const SCOPE: KeyScope = KeyScope::$scope;
        }
    )* };
}

needs!(ToSend => Events, ToManage => Members, ToErase => Erasure);

/// A host service whose key is good for this.
#[derive(Clone, Copy, Debug)]
pub struct Host<N> {
    /// Which host.
    pub id: HostId,
    needs: PhantomData<N>,
}

impl<S: Send + Sync, N: Needs> FromRequestParts<S> for Host<N> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        match parts.extensions.get() {
            Some(Recognised::Host(KnownHost { host_id, scopes, .. })) if scopes.contains(&N::SCOPE) => {
                Ok(Self { id: *host_id, needs: PhantomData })
            }
            Some(Recognised::Host(_)) => Err(Problem::beyond_scope(N::SCOPE)),
            _ => Err(Problem::unauthorized()),
        }
    }
}

/// The member who calls, by a token of their host's or by the cookie of their browser.
#[derive(Clone, Debug)]
pub struct AsMember(pub Member);

impl<S: Send + Sync> FromRequestParts<S> for AsMember {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        match parts.extensions.get() {
            Some(Recognised::Member(member)) => Ok(Self(member.clone())),
            _ => Err(Problem::no_member()),
        }
    }
}

/// The same for what was found in their sessions, from which some are kept by lot while Spectrum is tried.
#[derive(Clone, Debug)]
pub struct AsReader(pub Member);

impl<S: Send + Sync> FromRequestParts<S> for AsReader
where
    Services: FromRef<S>,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Self::Rejection> {
        let AsMember(member) = AsMember::from_request_parts(parts, state).await?;
        if Services::from_ref(state).is_held_out(Trial::Spectrum, member.member_id) {
            return Err(Problem::held_out());
        }
        Ok(Self(member))
    }
}
