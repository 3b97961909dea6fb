/** Where the API of a GitHub is, by the origin of its repositories: github.com, Enterprise Cloud on ghe.com, or Enterprise Server. */
export function apiURLOf(githubURL: string): string {
  const { protocol, host, hostname } = new URL(githubURL);
  const isCloud = hostname === "github.com" || hostname.endsWith(".ghe.com");
  return isCloud ? `${protocol}//api.${host}` : `${protocol}//${host}/api/v3`;
}

/** Where GraphQL is, by the address of REST. */
export function graphqlURLOf(apiURL: string): string {
  return `${apiURL.replace(/\/+$/, "").replace(/\/api\/v3$/, "/api")}/graphql`;
}
