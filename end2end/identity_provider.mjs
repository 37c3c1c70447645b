// The team's provider of identities, as a certified implementation of OpenID Connect plays it, on a port of this machine. Its
// accounts are made here; who is let in is for the demo to say.
import { generateKeyPairSync, randomUUID } from "node:crypto";
import { createServer } from "node:http";

import Provider from "oidc-provider";

const CLIENT = { client_id: "spectrum", client_secret: `a secret/with+signs ${randomUUID()}` };

// A demo whose data is kept has bound its people to this issuer.
const PORT = 43917;

/** Accounts by what somebody types into the sign-in form. */
const ACCOUNTS = {
  team: { email: "team@example.org", email_verified: true },
  stranger: { email: "stranger@example.org", email_verified: true },
  unverified: { email: "team@example.org", email_verified: false },
};

/** Takes a port; the provider itself needs to know whom it sends browsers back to. */
export async function startIdentityProvider() {
  let handler = (_, response) => response.writeHead(503).end();
  const server = createServer((request, response) => handler(request, response));
  await new Promise((resolve) => server.once("error", () => server.listen(0, "127.0.0.1")).once("listening", resolve).listen(PORT, "127.0.0.1"));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  return {
    /** The demo's settings. */
    settings: {
      SPECTRUM_STAFF_ISSUER: issuer,
      SPECTRUM_STAFF_CLIENT_ID: CLIENT.client_id,
      SPECTRUM_STAFF_CLIENT_SECRET: CLIENT.client_secret,
    },
    serve(url) {
      const jwk = (pair, alg) => ({ ...pair.privateKey.export({ format: "jwk" }), alg, use: "sig", kid: alg });
      const provider = new Provider(issuer, {
        clients: [{ ...CLIENT, redirect_uris: [`${url}/staff/callback`] }],
        claims: { email: ["email", "email_verified"] },
        jwks: {
          keys: [
            jwk(generateKeyPairSync("rsa", { modulusLength: 2048 }), "RS256"),
            jwk(generateKeyPairSync("ec", { namedCurve: "P-256" }), "ES256"),
          ],
        },
        cookies: { keys: [randomUUID()] },
        findAccount: (_, id) => ACCOUNTS[id] && { accountId: id, claims: () => ({ sub: id, ...ACCOUNTS[id] }) },
      });
      handler = provider.callback();
    },
    stop: () => new Promise((resolve) => {
      server.close(resolve);
      server.closeAllConnections();
    }),
  };
}
