/** What a kind of credential looks like. */
export interface Shape {
  readonly name: string;
  readonly pattern: RegExp;
}

const pemBody = String.raw`(?:[\s\S]{0,20000}?-----END [A-Z0-9 ]{1,40}-----|[A-Za-z0-9+/=\s]{0,20000})`;

// Where each form is described: GitHub's blog of 2021-04-05 and its changelog of 2026-04-24; AWS IAM identifiers, "unique ID prefixes";
// RFC 7468 and RFC 4880 for keys in armor; Azure Storage and Service Bus "connection strings"; the age file format; the Telegram bot API;
// Google's, PyPI's, RubyGems', DigitalOcean's, Atlassian's, HashiCorp's and Stripe's tokens in GitHub's "supported secret scanning patterns".
// All repetitions are bounded: the texts are hostile.
/** Credentials that are known by their form alone: hidden in what is stored, refused in a change. Documented examples are left out. */
export const shapes: readonly Shape[] = [
  { name: "GitHub token", pattern: /\bgh[pousr]_[A-Za-z0-9]{20,255}/ },
  { name: "GitHub App token", pattern: /\bghs_[0-9]{1,20}_[A-Za-z0-9_-]{10,1000}\.[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,1000}/ },
  { name: "GitHub token", pattern: /\bgithub_pat_[A-Za-z0-9_]{20,255}/ },
  { name: "Anthropic key", pattern: /\bsk-ant-[A-Za-z0-9_-]{20,255}/ },
  { name: "OpenAI key", pattern: /\bsk-(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,255}/ },
  { name: "AWS access key ID", pattern: /\b(?:AKIA|ASIA|ABIA|ACCA)(?!IOSFODNN7EXAMPLE)[A-Z0-9]{16}\b/ },
  {
    name: "private key",
    pattern: new RegExp(
      String.raw`-----BEGIN (?:[A-Z0-9]{1,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----[\s\S]{0,200}?[A-Za-z0-9+/]{40}${pemBody}`,
    ),
  },
  { name: "age secret key", pattern: /\bAGE-SECRET-KEY-1[02-9AC-HJ-NP-Z]{58}\b/ },
  { name: "Google API key", pattern: /\bAIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])/ },
  { name: "Google OAuth client secret", pattern: /\bGOCSPX-[A-Za-z0-9_-]{28}(?![A-Za-z0-9_-])/ },
  // The second form begins the public key of Azure's storage emulator.
  { name: "Azure account key", pattern: /\b(?:AccountKey|SharedAccessKey)=(?!Eby8vdM02x)[A-Za-z0-9+/]{43,86}={1,2}/ },
  { name: "PyPI token", pattern: /\bpypi-AgE[A-Za-z0-9_-]{50,1000}/ },
  { name: "RubyGems key", pattern: /\brubygems_[a-f0-9]{48}\b/ },
  { name: "DigitalOcean token", pattern: /\bdo[opr]_v1_[a-f0-9]{64}\b/ },
  { name: "Terraform token", pattern: /\b[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_=-]{60,70}/ },
  { name: "Atlassian token", pattern: /\bATATT3[A-Za-z0-9_=-]{150,250}/ },
  { name: "Stripe webhook secret", pattern: /\bwhsec_[A-Za-z0-9+/]{32,64}/ },
  { name: "Telegram bot token", pattern: /\b[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])/ },
  { name: "password in a URL", pattern: /\b(?:redis|rediss|amqp|amqps):\/\/[^\s:/@]{0,100}:(?![${<[])[^\s:/@]{8,200}@/ },
];

// The forms of secretlint's recommended rules, which tell examples from secrets with more care than can be had here.
/** Hidden in what is stored, but no reason to refuse a change: examples and old secrets look the same. */
export const looseShapes: readonly RegExp[] = [
  /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{0,100}:(?![${<[])[^\s:/@]{4,200}@/,
  /(?:SECRET|secret|Secret)_?(?:ACCESS|access|Access)_?(?:KEY|key|Key)["']?\s{0,5}(?::|=>|=)\s{0,5}["']?[A-Za-z0-9/+=]{40}/,
  /\bglpat-[A-Za-z0-9_.-]{20,300}/,
  /\bxox[abopr]-[A-Za-z0-9-]{20,255}/,
  /\bhttps:\/\/hooks\.slack\.com\/services\/[A-Za-z0-9/]{20,150}/,
  /\bnpm_[A-Za-z0-9_]{36}/,
  /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,60}/,
  /\b[sr]k_(?:live|test)_[A-Za-z0-9]{20,255}/,
  /_authToken=(?!\$)[^\s"']{8,255}/,
  /\b(?:gsk|shp(?:pa|ca|at|ss)|vc[piark]|cf(?:k|ut|at))_[A-Za-z0-9]{20,100}/,
  /\b(?:lin_api|figd|glsa)_[A-Za-z0-9_-]{32,200}/,
  /\bglc_[A-Za-z0-9+/]{32,400}={0,2}/,
  /\bntn_[0-9]{11}[A-Za-z0-9]{35}/,
  /\bdapi[A-Fa-f0-9]{32}/,
  /\btskey-[a-z]{2,20}-[0-9A-Za-z_]{8,40}-[0-9A-Za-z_]{16,60}/,
  /\bops_ey[A-Za-z0-9+/=]{100,1280}/,
  /\bSG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,64}/,
  /\bhf_[A-Za-z]{34}/,
  /\bhv[sbr]\.[A-Za-z0-9_-]{24,300}/,
];
