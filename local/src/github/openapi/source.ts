/** Where github.json was taken from. */
export const source = { package: "@octokit/openapi", version: "23.0.2", file: "generated/api.github.com.json" } as const;
