import type { ExplainDocument } from './document.js';
import { formatExplainMermaid } from './format-mermaid.js';
import { formatExplainText } from './format-text.js';

export type ExplainFormat = 'text' | 'json' | 'mermaid';

/** The same plan in the form asked for; ends with a line feed. */
export function formatExplain(doc: ExplainDocument, format: ExplainFormat): string {
  switch (format) {
    case 'text':
      return formatExplainText(doc);
    case 'json':
      return `${JSON.stringify(doc, null, 2)}\n`;
    case 'mermaid':
      return formatExplainMermaid(doc);
  }
}
