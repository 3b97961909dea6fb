import { createTheme } from "@mantine/core";

/** Shade 8 and black or white by contrast: the defaults fail WCAG AA. Colours of phases are our own, in tokens.css. */
export const theme = createTheme({
  primaryShade: 8,
  autoContrast: true,
  primaryColor: "blue",
  defaultRadius: "sm",
  fontFamily: "system-ui, -apple-system, 'Segoe UI', Roboto, sans-serif",
  fontFamilyMonospace: "ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace",
  respectReducedMotion: true,
});

/** The word that the server put into this answer's policy; without it no style sheet that Mantine makes would hold. */
export function styleNonce(): string {
  const mark = document.querySelector<HTMLMetaElement>("meta[property=csp-nonce]");
  return mark?.nonce ?? "";
}
