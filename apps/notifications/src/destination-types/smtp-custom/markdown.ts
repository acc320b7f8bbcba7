import MarkdownIt from 'markdown-it';

/** What a sender means by HTML comes as HTML; here it is text. Line breaks stay, as chats show them. */
const markdown = new MarkdownIt({ html: false, breaks: true });

/** Markdown, as people write it in chats, for a mail. */
export function htmlOfMarkdown(text: string): string {
  return markdown.render(text);
}
