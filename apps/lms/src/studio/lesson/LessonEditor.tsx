'use client';

import { $createCodeNode, CodeNode } from '@lexical/code';
import {
  $createLinkNode,
  $isLinkNode,
  $toggleLink,
  AutoLinkNode,
  LinkNode,
  TOGGLE_LINK_COMMAND,
} from '@lexical/link';
import {
  INSERT_CHECK_LIST_COMMAND,
  INSERT_ORDERED_LIST_COMMAND,
  INSERT_UNORDERED_LIST_COMMAND,
  ListItemNode,
  ListNode,
} from '@lexical/list';
import { CheckListPlugin } from '@lexical/react/LexicalCheckListPlugin';
import { LexicalComposer } from '@lexical/react/LexicalComposer';
import { useLexicalComposerContext } from '@lexical/react/LexicalComposerContext';
import { ContentEditable } from '@lexical/react/LexicalContentEditable';
import { LexicalErrorBoundary } from '@lexical/react/LexicalErrorBoundary';
import { HistoryPlugin } from '@lexical/react/LexicalHistoryPlugin';
import { HorizontalRuleNode, INSERT_HORIZONTAL_RULE_COMMAND } from '@lexical/react/LexicalHorizontalRuleNode';
import { HorizontalRulePlugin } from '@lexical/react/LexicalHorizontalRulePlugin';
import { LinkPlugin } from '@lexical/react/LexicalLinkPlugin';
import { ListPlugin } from '@lexical/react/LexicalListPlugin';
import { OnChangePlugin } from '@lexical/react/LexicalOnChangePlugin';
import { RichTextPlugin } from '@lexical/react/LexicalRichTextPlugin';
import { TablePlugin } from '@lexical/react/LexicalTablePlugin';
import { $createHeadingNode, $createQuoteNode, HeadingNode, QuoteNode } from '@lexical/rich-text';
import { $setBlocksType } from '@lexical/selection';
import { INSERT_TABLE_COMMAND, TableCellNode, TableNode, TableRowNode } from '@lexical/table';
import { $findMatchingParent, $insertNodeToNearestRoot } from '@lexical/utils';
import { type Asset, asset, type Storage } from '@preau/contract/tenant/assets';
import type { RichText } from '@preau/contract/tenant/content';
import { type CalloutTone, calloutTones } from '@preau/elearning/richText';
import { embedOf } from '@preau/elearning/url';
import {
  $createParagraphNode,
  $createTextNode,
  $getNodeByKey,
  $getSelection,
  $isElementNode,
  $isRangeSelection,
  $setSelection,
  type EditorState,
  FORMAT_TEXT_COMMAND,
  type LexicalNode,
  REDO_COMMAND,
  UNDO_COMMAND,
} from 'lexical';
import {
  Bold,
  Code,
  CodeXml,
  ImagePlus,
  Italic,
  Link,
  List,
  ListChecks,
  ListOrdered,
  Minus,
  Paperclip,
  Quote,
  Redo2,
  SquareAsterisk,
  Table,
  Undo2,
  Video,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { type ReactNode, type RefObject, useEffect, useRef, useState } from 'react';
import { Alert } from '@/components/ui/Alert';
import { Button } from '@/components/ui/Button';
import { type Asked, Question } from '@/components/ui/Question';
import { saveActivity } from '../api';
import { SpaceAlert } from '../upload/SpaceAlert';
import { UploadList } from '../upload/UploadList';
import { useAmount } from '../upload/useAmount';
import { useUploads } from '../upload/useUploads';
import { linkFrom } from './link';
import {
  $createCalloutNode,
  $createEmbedNode,
  $createImageNode,
  CalloutNode,
  EmbedNode,
  ImageNode,
} from './nodes';

const SAVE_PAUSE_MS = 900;
const MAX_ALT = 500;
const insertable: CalloutTone[] = ['note', 'tip', 'warning', 'exercise'];

const theme = {
  text: {
    bold: 'font-bold',
    italic: 'italic',
    underline: 'underline',
    strikethrough: 'line-through',
    code: 'inline-code',
  },
  list: { nested: { listitem: 'list-none' }, checklist: 'editor-checklist' },
};

interface Props {
  activityId: string;
  content: RichText;
  updatedAt: string;
  referenceLabel: string;
  /** Null for those who only look. */
  storage: Storage | null;
}

type Saving = { state: 'saved' | 'unsaved' | 'saving' } | { state: 'failed'; reason: string };

const isEmpty = ({ root }: RichText) => !(Array.isArray(root.children) && root.children.length > 0);

/** The editor of a lesson: saves by itself a moment after the last change, and says so. */
export function LessonEditor({ activityId, content, updatedAt, referenceLabel, storage }: Props) {
  const t = useTranslations('editor');
  const a = useTranslations('activity');
  const [saving, setSaving] = useState<Saving>({ state: 'saved' });
  /** What went wrong in the editor itself: stays through whatever is saved, until somebody has read it. */
  const [fault, setFault] = useState<string | null>(null);
  const known = useRef({ updatedAt, text: JSON.stringify(content) });
  const waiting = useRef<ReturnType<typeof setTimeout>>(undefined);
  const queue = useRef(Promise.resolve());

  function save(state: EditorState) {
    const text = JSON.stringify(state.toJSON());
    if (text === known.current.text) {
      setSaving({ state: 'saved' });
      return;
    }
    queue.current = queue.current.then(async () => {
      setSaving({ state: 'saving' });
      const result = await saveActivity(activityId, {
        content: JSON.parse(text),
        expectedUpdatedAt: known.current.updatedAt,
      });
      if ('problem' in result) {
        const conflict = result.problem.name === 'conflict';
        setSaving({ state: 'failed', reason: conflict ? a('conflict') : result.problem.detail });
        return;
      }
      known.current = { updatedAt: result.updatedAt, text };
      setSaving({ state: 'saved' });
    });
  }

  function changed(state: EditorState) {
    clearTimeout(waiting.current);
    if (JSON.stringify(state.toJSON()) === known.current.text) return;
    setSaving((now) => (now.state === 'failed' ? now : { state: 'unsaved' }));
    waiting.current = setTimeout(() => save(state), SAVE_PAUSE_MS);
  }

  // Leaving with something unsaved: the browser asks.
  useEffect(() => {
    if (saving.state === 'saved') return;
    const ask = (event: BeforeUnloadEvent) => event.preventDefault();
    window.addEventListener('beforeunload', ask);
    return () => window.removeEventListener('beforeunload', ask);
  }, [saving.state]);

  return (
    <LexicalComposer
      initialConfig={{
        namespace: 'lesson',
        theme,
        nodes: [
          HeadingNode,
          QuoteNode,
          ListNode,
          ListItemNode,
          LinkNode,
          AutoLinkNode,
          CodeNode,
          TableNode,
          TableRowNode,
          TableCellNode,
          HorizontalRuleNode,
          ImageNode,
          EmbedNode,
          CalloutNode,
        ],
        editorState: isEmpty(content) ? undefined : JSON.stringify(content),
        onError(error: Error) {
          console.error(error);
          setFault(t('fault'));
        },
      }}
    >
      <div className="rounded-xl border border-line bg-surface">
        <Toolbar
          activityId={activityId}
          storage={storage}
          status={<Status saving={saving} />}
          onFault={setFault}
        />
        {fault && (
          <Alert tone="danger" className="m-4 mb-0">
            <p>{fault}</p>
            <Button variant="secondary" size="small" className="mt-2" onClick={() => setFault(null)}>
              {t('close')}
            </Button>
          </Alert>
        )}
        {saving.state === 'failed' && (
          <Alert tone="danger" className="m-4 mb-0">
            {a('failed')}. {saving.reason}
            <span className="sr-only">{referenceLabel}</span>
          </Alert>
        )}
        <div className="relative rounded-b-xl has-[>:focus-visible]:outline-2 has-[>:focus-visible]:-outline-offset-2 has-[>:focus-visible]:outline-focus">
          <RichTextPlugin
            contentEditable={
              <ContentEditable
                className="prose min-h-96 px-5 py-5 outline-none sm:px-8"
                aria-label={t('label')}
                aria-placeholder={t('placeholder')}
                placeholder={
                  <p className="pointer-events-none absolute top-5 left-5 text-ink-faint sm:left-8">
                    {t('placeholder')}
                  </p>
                }
              />
            }
            ErrorBoundary={LexicalErrorBoundary}
          />
        </div>
      </div>
      <HistoryPlugin />
      <ListPlugin />
      <CheckListPlugin />
      <LinkPlugin validateUrl={(url) => linkFrom(url) === url} />
      <TablePlugin hasCellMerge={false} hasCellBackgroundColor={false} />
      <HorizontalRulePlugin />
      <OnChangePlugin onChange={changed} ignoreSelectionChange />
    </LexicalComposer>
  );
}

function Status({ saving }: { saving: Saving }) {
  const a = useTranslations('activity');
  return (
    <span role="status" className="ml-auto px-2 text-sm whitespace-nowrap text-ink-soft">
      {a(saving.state)}
    </span>
  );
}

function Toolbar({
  activityId,
  storage,
  status,
  onFault,
}: Pick<Props, 'activityId' | 'storage'> & { status: ReactNode; onFault(fault: string): void }) {
  const t = useTranslations('editor');
  const [editor] = useLexicalComposerContext();
  const [block, setBlock] = useState('paragraph');
  const [asked, setAsked] = useState<Asked | null>(null);
  const amount = useAmount();
  const imagePicker = useRef<HTMLInputElement>(null);
  const filePicker = useRef<HTMLInputElement>(null);
  const purpose = { kind: 'asset', target: activityId, body: { alt: '' }, schema: asset } as const;
  const uploads = useUploads(purpose, (made, name) => {
    const place = insertBlock(() => (made.mime.startsWith('image/') ? imageOf(made) : downloadOf(made)));
    if (place !== 'atCursor') onFault(t(place === 'atEnd' ? 'insertedAtEnd' : 'notInserted', { name }));
  });

  useEffect(
    () =>
      editor.registerUpdateListener(({ editorState }) => {
        editorState.read(() => {
          const selection = $getSelection();
          if (!$isRangeSelection(selection)) return;
          const top = $findMatchingParent(
            selection.anchor.getNode(),
            (node) => node.getType() === 'heading' || node.getType() === 'quote' || node.getType() === 'code',
          );
          setBlock(top instanceof HeadingNode ? top.getTag() : (top?.getType() ?? 'paragraph'));
        });
      }),
    [editor],
  );

  function setBlockType(type: string) {
    editor.update(() => {
      const selection = $getSelection();
      if (!$isRangeSelection(selection)) return;
      $setBlocksType(selection, () => {
        if (type === 'h2' || type === 'h3') return $createHeadingNode(type);
        if (type === 'quote') return $createQuoteNode();
        if (type === 'code') return $createCodeNode();
        return $createParagraphNode();
      });
    });
    editor.focus();
  }

  function closeQuestion() {
    setAsked(null);
    editor.focus();
  }

  /** Puts a block where the cursor is; at the end, where the editor refused that. */
  function insertBlock($create: () => LexicalNode): 'atCursor' | 'atEnd' | 'nowhere' {
    for (const place of ['atCursor', 'atEnd'] as const) {
      let key = '';
      editor.update(
        () => {
          const block = $create();
          key = block.getKey();
          if (place === 'atEnd') $setSelection(null);
          $insertNodeToNearestRoot(block);
          if ($isElementNode(block)) block.selectEnd();
        },
        { discrete: true },
      );
      if (editor.read(() => $getNodeByKey(key)?.isAttached())) return place;
    }
    return 'nowhere';
  }

  function insertCallout(tone: CalloutTone) {
    insertBlock(() => $createCalloutNode(tone).append($createParagraphNode()));
  }

  function askForEmbed() {
    setAsked({
      title: t('embedTitle'),
      label: t('embedAddress'),
      hint: t('embedHint'),
      confirm: t('insert'),
      take(answer) {
        const film = embedOf(answer);
        if (!film) return t('embedWrong');
        insertBlock(() => $createEmbedNode({ ...film, title: '' }));
      },
    });
  }

  function askForAlt(file: File) {
    setAsked({
      title: t('imageTitle'),
      label: t('imageAlt'),
      hint: t('imageAltHint'),
      confirm: t('insert'),
      take(alt) {
        if (alt.length > MAX_ALT) return t('imageAltLong', { max: MAX_ALT });
        uploads.send(file, { alt });
      },
    });
  }

  const imageOf = ({ id, alt, width, height }: Asset) =>
    $createImageNode({ assetId: id, src: null, alt, caption: '', width, height });

  function downloadOf({ id, name, bytes }: Asset) {
    const link = $createLinkNode(`/assets/${id}`).append($createTextNode(`${name} (${amount(bytes)})`));
    return $createParagraphNode().append(link);
  }

  function askForLink() {
    const current = editor.read(() => {
      const selection = $getSelection();
      if (!$isRangeSelection(selection)) return undefined;
      return $findMatchingParent(selection.anchor.getNode(), $isLinkNode)?.getURL();
    });
    setAsked({
      title: t('link'),
      label: t('linkAddress'),
      hint: t('linkHint'),
      value: current,
      confirm: t(current ? 'change' : 'insert'),
      take(answer) {
        const url = linkFrom(answer);
        if (!url) return t('linkWrong');
        editor.update(() => {
          const selection = $getSelection();
          // Nothing is chosen that could become the link.
          if (!current && $isRangeSelection(selection) && selection.isCollapsed())
            selection.insertNodes([$createLinkNode(url).append($createTextNode(answer))]);
          else $toggleLink(url);
        });
      },
      other: current
        ? { label: t('linkRemove'), act: () => editor.dispatchCommand(TOGGLE_LINK_COMMAND, null) }
        : undefined,
    });
  }

  return (
    <>
      <Question asked={asked} cancel={t('cancel')} onClose={closeQuestion} />
      <div
        role="toolbar"
        aria-label={t('toolbar')}
        className="sticky top-0 z-10 flex flex-wrap items-center gap-0.5 rounded-t-xl border-b border-line bg-surface p-2"
      >
        <Tool label={t('undo')} onClick={() => editor.dispatchCommand(UNDO_COMMAND, undefined)}>
          <Undo2 />
        </Tool>
        <Tool label={t('redo')} onClick={() => editor.dispatchCommand(REDO_COMMAND, undefined)}>
          <Redo2 />
        </Tool>
        <select
          aria-label={t('block')}
          value={block}
          onChange={(event) => setBlockType(event.target.value)}
          className="mx-1 h-9 rounded-md border border-line bg-surface px-2 text-sm"
        >
          <option value="paragraph">{t('paragraph')}</option>
          <option value="h2">{t('heading2')}</option>
          <option value="h3">{t('heading3')}</option>
          {block === 'h4' && <option value="h4">{t('heading3')}</option>}
          <option value="quote">{t('quote')}</option>
          <option value="code">{t('codeBlock')}</option>
        </select>
        <Tool label={t('bold')} onClick={() => editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'bold')}>
          <Bold />
        </Tool>
        <Tool label={t('italic')} onClick={() => editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'italic')}>
          <Italic />
        </Tool>
        <Tool label={t('code')} onClick={() => editor.dispatchCommand(FORMAT_TEXT_COMMAND, 'code')}>
          <Code />
        </Tool>
        <Tool label={t('link')} onClick={askForLink}>
          <Link />
        </Tool>
        <Tool
          label={t('bulletList')}
          onClick={() => editor.dispatchCommand(INSERT_UNORDERED_LIST_COMMAND, undefined)}
        >
          <List />
        </Tool>
        <Tool
          label={t('numberList')}
          onClick={() => editor.dispatchCommand(INSERT_ORDERED_LIST_COMMAND, undefined)}
        >
          <ListOrdered />
        </Tool>
        <Tool
          label={t('checkList')}
          onClick={() => editor.dispatchCommand(INSERT_CHECK_LIST_COMMAND, undefined)}
        >
          <ListChecks />
        </Tool>
        <Tool label={t('quote')} onClick={() => setBlockType('quote')}>
          <Quote />
        </Tool>
        <Tool label={t('codeBlock')} onClick={() => setBlockType('code')}>
          <CodeXml />
        </Tool>
        <Tool
          label={t('table')}
          onClick={() =>
            editor.dispatchCommand(INSERT_TABLE_COMMAND, {
              rows: '3',
              columns: '3',
              includeHeaders: { rows: true, columns: false },
            })
          }
        >
          <Table />
        </Tool>
        {storage && (
          <>
            <Tool label={t('image')} onClick={() => imagePicker.current?.click()}>
              <ImagePlus />
            </Tool>
            <Picker
              picker={imagePicker}
              accept="image/png,image/jpeg,image/webp,image/gif,image/avif"
              onFile={askForAlt}
            />
            <Tool label={t('file')} onClick={() => filePicker.current?.click()}>
              <Paperclip />
            </Tool>
            <Picker picker={filePicker} accept={DOWNLOADS} onFile={(file) => uploads.send(file)} />
          </>
        )}
        <Tool label={t('embed')} onClick={askForEmbed}>
          <Video />
        </Tool>
        <Tool
          label={t('rule')}
          onClick={() => editor.dispatchCommand(INSERT_HORIZONTAL_RULE_COMMAND, undefined)}
        >
          <Minus />
        </Tool>
        <span className="ml-1 inline-flex items-center gap-1">
          <SquareAsterisk className="size-4 text-ink-soft" aria-hidden="true" />
          <select
            aria-label={t('callout')}
            value=""
            onChange={(event) => {
              const tone = calloutTones.find((one) => one === event.target.value);
              if (tone) insertCallout(tone);
            }}
            className="h-9 rounded-md border border-line bg-surface px-2 text-sm"
          >
            <option value="">{t('callout')}</option>
            {insertable.map((tone) => (
              <option key={tone} value={tone}>
                {t(`kinds.${tone}`)}
              </option>
            ))}
          </select>
        </span>
        {status}
      </div>
      {storage && (
        <div className="space-y-3 px-4 pt-4 empty:hidden">
          <SpaceAlert storage={storage} />
          <UploadList uploads={uploads} />
        </div>
      )}
    </>
  );
}

/** What a lesson hands out as a download; the server looks at the bytes. */
const DOWNLOADS =
  '.pdf,.docx,.xlsx,.pptx,.odt,.ods,.odp,.epub,.txt,.md,.csv,.vtt,.srt,.mp3,.ogg,.wav,.flac,.m4a,.mp4,.webm,.mov';

/** A file field that a button of the toolbar opens. */
function Picker({
  picker,
  accept,
  onFile,
}: {
  picker: RefObject<HTMLInputElement | null>;
  accept: string;
  onFile(file: File): void;
}) {
  return (
    <input
      ref={picker}
      type="file"
      accept={accept}
      className="sr-only"
      tabIndex={-1}
      aria-hidden="true"
      onChange={(event) => {
        const [file] = event.target.files ?? [];
        if (file) onFile(file);
        event.target.value = '';
      }}
    />
  );
}

function Tool({ label, onClick, children }: { label: string; onClick: () => void; children: ReactNode }) {
  return (
    <button
      type="button"
      aria-label={label}
      title={label}
      onMouseDown={(event) => event.preventDefault()}
      onClick={onClick}
      className="grid size-9 place-items-center rounded-md text-ink-soft hover:bg-sunken hover:text-ink [&_svg]:size-4"
    >
      {children}
    </button>
  );
}
