function filled(seed: string, length: number): string {
  return seed.repeat(Math.ceil(length / seed.length)).slice(0, length);
}

const mixed = (length: number): string => filled("aB3dE5fG7hJ9kL1mN", length);
const hex = (length: number): string => filled("0a1b2c3d4e5f6789", length);
const upper = (length: number): string => filled("A2B3C4D5E6F7", length);

function armored(label: string, begin: string, lines: number): string {
  const body = Array.from({ length: lines }, () => mixed(64)).join("\n");
  return `-----BEGIN ${label}-----\n${begin}${mixed(64 - begin.length)}\n${body}\n-----END ${label}-----`;
}

/** Made-up credentials of the right form, put together here so that nobody's scanner takes this file for a leak. */
export const planted: Readonly<Record<string, string>> = {
  "an AWS access key ID": `AKIA${upper(16)}`,
  "a temporary AWS access key ID": `ASIA${upper(16)}`,
  "an AWS secret access key": `aws_secret_access_key = "${mixed(40)}"`,
  "a GitHub token": `ghp_${mixed(36)}`,
  "a GitHub App token": `ghs_12345_${mixed(40)}.${mixed(80)}.${mixed(43)}`,
  "a fine-grained GitHub token": `github_pat_${mixed(82)}`,
  "a GitLab token": `glpat-${mixed(20)}`,
  "an Anthropic key": `sk-ant-api03-${mixed(93)}AA`,
  "an OpenAI key": `sk-proj-${mixed(120)}`,
  "a Slack token": `xoxb-123456789012-1234567890123-${mixed(24)}`,
  "a Slack webhook": `https://hooks.slack.com/services/T12345678/B12345678/${mixed(24)}`,
  "an npm token": `npm_${mixed(36)}`,
  "a PyPI token": `pypi-AgEIcHlwaS5vcmc${mixed(80)}`,
  "a RubyGems key": `rubygems_${hex(48)}`,
  "a Docker Hub token": `dckr_pat_${mixed(27)}`,
  "a Google API key": `AIza${mixed(35)}`,
  "a Google OAuth client secret": `GOCSPX-${mixed(28)}`,
  "an Azure storage key": `AccountKey=${mixed(86)}==`,
  "an Azure Service Bus key": `SharedAccessKey=${mixed(43)}=`,
  "a DigitalOcean token": `dop_v1_${hex(64)}`,
  "a Terraform token": `${mixed(14)}.atlasv1.${mixed(65)}`,
  "an Atlassian token": `ATATT3x${mixed(180)}=1A2B3C4D`,
  "a Stripe key": `sk_live_${mixed(24)}`,
  "a Stripe webhook secret": `whsec_${mixed(32)}`,
  "a SendGrid key": `SG.${mixed(22)}.${mixed(43)}`,
  "a Hugging Face token": `hf_${filled("abcdefGHIJ", 34)}`,
  "a Groq key": `gsk_${mixed(52)}`,
  "a Linear key": `lin_api_${mixed(40)}`,
  "a Notion token": `ntn_12345678901${mixed(35)}`,
  "a Shopify token": `shpat_${hex(32)}`,
  "a Grafana Cloud token": `glc_${mixed(60)}`,
  "a Grafana service account token": `glsa_${mixed(32)}_0a1b2c3d`,
  "a Databricks token": `dapi${hex(32)}`,
  "a Figma token": `figd_${mixed(40)}`,
  "a Cloudflare token": `cfut_${mixed(40)}0a1b2c3d`,
  "a Tailscale key": `tskey-auth-${mixed(12)}-${mixed(32)}`,
  "a Vercel token": `vcp_${mixed(24)}`,
  "a 1Password token": `ops_${Buffer.from(JSON.stringify({ email: "a@b.example", secretKey: mixed(41), muk: { k: mixed(60) }, x: 1 })).toString("base64")}`,
  "a Vault token": `hvs.${mixed(95)}`,
  "a Telegram bot token": `123456789:AA${mixed(33)}`,
  "an age key": `AGE-SECRET-KEY-1${filled("QPZRY9X8GF2TVDW0", 58)}`,
  "an RSA key": armored("RSA PRIVATE KEY", "MIIE", 12),
  "an elliptic-curve key": armored("EC PRIVATE KEY", "MHcCAQEE", 1),
  "an Ed25519 key": `-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw${mixed(48)}\n-----END PRIVATE KEY-----`,
  "an encrypted key": armored("ENCRYPTED PRIVATE KEY", "MIIE", 12),
  "an OpenSSH key": armored("OPENSSH PRIVATE KEY", "b3BlbnNzaC1rZXktdjE", 4),
  "a PGP key": armored("PGP PRIVATE KEY BLOCK", "\nlQOYBF", 4),
  "a database URL": `postgres://app:${mixed(12)}@db.internal:5432/orders`,
  "basic auth in a URL": `https://deploy:${mixed(12)}@packages.acme.io/simple`,
  "a Redis URL": `redis://:${mixed(12)}@cache:6379`,
};
