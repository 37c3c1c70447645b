// How the peer is built: the defaults, but for a header that only advertises.
export default { poweredByHeader: false };
