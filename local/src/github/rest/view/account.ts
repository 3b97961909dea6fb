import type { Account, Team } from "../../state/model.ts";
import { nodeId, timeText } from "./links.ts";
import type { Links } from "./links.ts";

/** `simple-user`. */
export function simpleUser(links: Links, { id, login, kind }: Account): object {
  const url = `${links.api}/users/${login}`;
  return {
    login,
    id,
    node_id: nodeId("U", id),
    avatar_url: `${links.web}/avatars/${id}`,
    gravatar_id: "",
    url,
    html_url: `${links.web}/${login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: kind,
    site_admin: false,
  };
}

/** `public-user`: who the token is. */
export function publicUser(links: Links, account: Account): object {
  return {
    ...simpleUser(links, account),
    name: account.name,
    company: null,
    blog: "",
    location: null,
    email: account.email,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: timeText(0),
    updated_at: timeText(0),
  };
}

/** `team-simple`. */
export function simpleTeam(links: Links, { id, organization, slug }: Team): object {
  const url = `${links.api}/organizations/${organization}/team/${id}`;
  return {
    id,
    node_id: nodeId("T", id),
    name: slug,
    slug,
    description: null,
    url,
    html_url: `${links.web}/orgs/${organization}/teams/${slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    permission: "pull",
    type: "organization",
  };
}
