import Markdown, { type Components } from "react-markdown";
import { ExternalLink } from "./external-link.tsx";
import { visible } from "./visible.ts";

// Images would tell a stranger's server who reads: their words stand in for them.
const components: Components = {
  a: ({ href, children }) => <ExternalLink address={href ?? ""}>{children}</ExternalLink>,
  img: ({ alt }) => <span>[image: {alt ?? "without words"}]</span>,
  h1: ({ children }) => <p className="cb-heading">{children}</p>,
  h2: ({ children }) => <p className="cb-heading">{children}</p>,
  h3: ({ children }) => <p className="cb-heading">{children}</p>,
  pre: ({ children }) => <pre tabIndex={0}>{children}</pre>,
};

/** What a model wrote, as Markdown without HTML, images and unsafe links. */
export function ModelText({ text }: { readonly text: string }) {
  return (
    <div className="cb-markdown">
      <Markdown components={components}>{visible(text)}</Markdown>
    </div>
  );
}
