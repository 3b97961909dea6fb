/** Where programs are looked for; the one thing of our own environment that git may see. */
export const searchPath = process.env["PATH"] ?? "/usr/local/bin:/usr/bin:/bin";
