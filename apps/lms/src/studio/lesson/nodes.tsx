'use client';

import { type CalloutTone, calloutTones } from '@preau/elearning/richText';
import {
  $applyNodeReplacement,
  DecoratorNode,
  type EditorConfig,
  ElementNode,
  type LexicalNode,
  type NodeKey,
  type SerializedElementNode,
  type SerializedLexicalNode,
  type Spread,
} from 'lexical';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { z } from 'zod';

/* The blocks of ours among Lexical's nodes. Their serialised form is @preau/elearning/richText's. */

/** How often a picture is asked for again that the virus scanner has not cleared yet. */
const SCAN_MS = 15_000;

/** A picture of the lesson, or that it cannot be shown yet. */
function Picture({
  assetId,
  alt,
  width,
  height,
}: Pick<ImageFields, 'alt' | 'width' | 'height'> & { assetId: string }) {
  const t = useTranslations('editor');
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    if (!failed) return;
    const again = setTimeout(() => setFailed(false), SCAN_MS);
    return () => clearTimeout(again);
  }, [failed]);
  if (failed)
    return (
      <span className="block rounded-lg border border-line bg-sunken p-4 text-sm text-ink-soft">
        {t('imageWaits', { alt })}
      </span>
    );
  return (
    // biome-ignore lint/performance/noImgElement: image optimisation lives outside of the instance
    <img
      src={`/assets/${assetId}?w=960`}
      alt={alt}
      width={width ?? undefined}
      height={height ?? undefined}
      onError={() => setFailed(true)}
      className="max-h-96 w-auto rounded-lg"
    />
  );
}

const imageFields = z.object({
  assetId: z.string().nullable().default(null),
  src: z.string().nullable().default(null),
  alt: z.string().default(''),
  caption: z.string().default(''),
  width: z.number().nullable().default(null),
  height: z.number().nullable().default(null),
});
export type ImageFields = z.infer<typeof imageFields>;
type SerializedImage = Spread<ImageFields, SerializedLexicalNode>;

export class ImageNode extends DecoratorNode<ReactNode> {
  __fields: ImageFields;

  static override getType(): string {
    return 'image';
  }
  static override clone(node: ImageNode): ImageNode {
    return new ImageNode(node.__fields, node.__key);
  }
  static override importJSON(json: SerializedLexicalNode): ImageNode {
    return $createImageNode(imageFields.parse(json));
  }
  constructor(fields: ImageFields, key?: NodeKey) {
    super(key);
    this.__fields = fields;
  }
  override exportJSON(): SerializedImage {
    return { ...super.exportJSON(), ...this.__fields, type: 'image', version: 1 };
  }
  override createDOM(): HTMLElement {
    const element = document.createElement('figure');
    element.className = 'my-4';
    return element;
  }
  override updateDOM(): false {
    return false;
  }
  override isInline(): false {
    return false;
  }
  override decorate(): ReactNode {
    const { assetId, alt, caption, width, height } = this.__fields;
    if (!assetId) return <span className="text-sm text-ink-soft">{alt || this.__fields.src}</span>;
    return (
      <>
        <Picture assetId={assetId} alt={alt} width={width} height={height} />
        {caption && <figcaption className="mt-2 text-sm text-ink-soft">{caption}</figcaption>}
      </>
    );
  }
}

export const $createImageNode = (fields: ImageFields): ImageNode =>
  $applyNodeReplacement(new ImageNode(fields));

const embedFields = z.object({
  provider: z.enum(['youtube', 'vimeo']),
  url: z.string(),
  title: z.string().default(''),
});
export type EmbedFields = z.infer<typeof embedFields>;
type SerializedEmbed = Spread<EmbedFields, SerializedLexicalNode>;

export class EmbedNode extends DecoratorNode<ReactNode> {
  __fields: EmbedFields;

  static override getType(): string {
    return 'embed';
  }
  static override clone(node: EmbedNode): EmbedNode {
    return new EmbedNode(node.__fields, node.__key);
  }
  static override importJSON(json: SerializedLexicalNode): EmbedNode {
    return $createEmbedNode(embedFields.parse(json));
  }
  constructor(fields: EmbedFields, key?: NodeKey) {
    super(key);
    this.__fields = fields;
  }
  override exportJSON(): SerializedEmbed {
    return { ...super.exportJSON(), ...this.__fields, type: 'embed', version: 1 };
  }
  override createDOM(): HTMLElement {
    const element = document.createElement('div');
    element.className = 'my-4 rounded-lg border border-line bg-sunken p-4 text-sm';
    return element;
  }
  override updateDOM(): false {
    return false;
  }
  override isInline(): false {
    return false;
  }
  override decorate(): ReactNode {
    return (
      <span>
        ▶ {this.__fields.title || this.__fields.url}{' '}
        <span className="text-ink-soft">({this.__fields.provider})</span>
      </span>
    );
  }
}

export const $createEmbedNode = (fields: EmbedFields): EmbedNode =>
  $applyNodeReplacement(new EmbedNode(fields));

const calloutFields = z.object({
  tone: z.enum(calloutTones).default('note'),
  title: z.string().default(''),
  folded: z.boolean().default(false),
});
type SerializedCallout = Spread<z.infer<typeof calloutFields>, SerializedElementNode>;

export class CalloutNode extends ElementNode {
  __tone: CalloutTone;
  __title: string;
  __folded: boolean;

  static override getType(): string {
    return 'callout';
  }
  static override clone(node: CalloutNode): CalloutNode {
    return new CalloutNode(node.__tone, node.__title, node.__folded, node.__key);
  }
  static override importJSON(json: SerializedLexicalNode): CalloutNode {
    const { tone, title, folded } = calloutFields.parse(json);
    return $createCalloutNode(tone, title, folded);
  }
  constructor(tone: CalloutTone, title: string, folded: boolean, key?: NodeKey) {
    super(key);
    this.__tone = tone;
    this.__title = title;
    this.__folded = folded;
  }
  override exportJSON(): SerializedCallout {
    return {
      ...super.exportJSON(),
      type: 'callout',
      version: 1,
      tone: this.__tone,
      title: this.__title,
      folded: this.__folded,
    };
  }
  override createDOM(_: EditorConfig): HTMLElement {
    const element = document.createElement('div');
    element.className = `callout callout-${this.__tone}`;
    if (this.__title) element.dataset.title = this.__title;
    return element;
  }
  override updateDOM(previous: this): boolean {
    return previous.__tone !== this.__tone || previous.__title !== this.__title;
  }
  override canBeEmpty(): boolean {
    return false;
  }
  override isShadowRoot(): boolean {
    return true;
  }
}

export const $createCalloutNode = (tone: CalloutTone, title = '', folded = false): CalloutNode =>
  $applyNodeReplacement(new CalloutNode(tone, title, folded));

export const $isCalloutNode = (node: LexicalNode | null | undefined): node is CalloutNode =>
  node instanceof CalloutNode;
