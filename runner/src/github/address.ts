/** Where the API of a GitHub is, by the address of the host or of anything on it: github.com, Enterprise Cloud on ghe.com, or Enterprise Server. */
export function apiURLOf(githubURL: string): string {
  const { origin, hostname } = new URL(githubURL);
  const isCloud = hostname === "github.com" || hostname.endsWith(".ghe.com");
  return isCloud ? `https://api.${hostname}` : `${origin}/api/v3`;
}

/** Where GraphQL is, by the address of REST. */
export function graphqlURLOf(apiURL: string): string {
  return `${apiURL.replace(/\/+$/, "").replace(/\/api\/v3$/, "/api")}/graphql`;
}
