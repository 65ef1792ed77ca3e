'use client';

import {
  type Active,
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
} from '@dnd-kit/core';
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable';
import type { StudioActivity, StudioModule } from '@preau/contract/tenant/studio';
import { useTranslations } from 'next-intl';
import { type ReactNode, useEffect, useId, useRef, useState, useTransition } from 'react';
import { Badge } from '@/components/ui/Badge';
import { Button } from '@/components/ui/Button';
import { Confirmation } from '@/components/ui/Confirmation';
import { classes } from '@/components/ui/classes';
import { Field } from '@/components/ui/Field';
import { Form } from '@/components/ui/Form';
import { SubmitButton } from '@/components/ui/SubmitButton';
import { Icon } from '@/html/Icon';
import { addActivity, removeActivity, removeModule, renameModule, saveOrder } from './actions';
import { type Move, moveActivity, moveModule } from './order';

interface Props {
  courseId: string;
  modules: StudioModule[];
  referenceLabel: string;
}

/** The modules and activities of a draft: moved by dragging, by the keyboard on the handle, or by its buttons. */
export function CourseTree({ courseId, modules, referenceLabel }: Props) {
  const t = useTranslations('tree');
  const [shown, setShown] = useState(modules);
  const [said, setSaid] = useState('');
  const [saving, start] = useTransition();
  const [dragged, setDragged] = useState<'module' | 'activity' | null>(null);
  const latest = useRef(modules);
  const contextId = useId();

  useEffect(() => {
    latest.current = modules;
    setShown(modules);
  }, [modules]);

  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 6 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );

  function apply(move: Move | undefined) {
    if (!move) return;
    setShown(move.modules);
    setSaid(t('moved', { title: move.title, position: move.position, total: move.total }));
    const order = move.modules.map(({ id, activities }) => ({
      id,
      activityIds: activities.map((a) => a.id),
    }));
    start(async () => {
      const { reason } = await saveOrder(courseId, order);
      if (!reason) return;
      setShown(latest.current);
      setSaid(t('failed', { reason }));
    });
  }

  const titleOf = ({ id }: Pick<Active, 'id'>) =>
    shown.flatMap((module) => [module, ...module.activities]).find((one) => one.id === id)?.title ?? '';
  const announcements: Announcements = {
    onDragStart: ({ active }) => t('picked', { title: titleOf(active) }),
    onDragOver: ({ over }) => (over ? t('over', { title: titleOf(over) }) : undefined),
    onDragEnd: ({ active }) => t('dropped', { title: titleOf(active) }),
    onDragCancel: ({ active }) => t('cancelled', { title: titleOf(active) }),
  };

  function drop({ active, over }: DragEndEvent) {
    setDragged(null);
    if (!over || active.id === over.id) return;
    const [from, to] = [String(active.id), String(over.id)];
    const target = shown.findIndex((module) => module.id === to);
    if (shown.some((module) => module.id === from)) {
      const place = target >= 0 ? target : shown.findIndex((m) => m.activities.some((a) => a.id === to));
      apply(moveModule(shown, from, place));
      return;
    }
    const home = target >= 0 ? shown[target] : shown.find((m) => m.activities.some((a) => a.id === to));
    if (home)
      apply(
        moveActivity(
          shown,
          from,
          home.id,
          Math.max(
            0,
            home.activities.findIndex((a) => a.id === to),
          ),
        ),
      );
  }

  function remove(work: () => Promise<{ reason?: string }>) {
    start(async () => {
      const { reason } = await work();
      setSaid(reason ? t('failed', { reason }) : '');
    });
  }

  return (
    <div className="space-y-4">
      <p role="status" className="-mt-4 min-h-5 text-sm text-ink-soft">
        {saving ? t('saving') : said}
      </p>
      <DndContext
        id={contextId}
        sensors={sensors}
        collisionDetection={closestCenter}
        accessibility={{ announcements, screenReaderInstructions: { draggable: t('instructions') } }}
        onDragStart={({ active }) =>
          setDragged(shown.some((module) => module.id === active.id) ? 'module' : 'activity')
        }
        onDragCancel={() => setDragged(null)}
        onDragEnd={drop}
      >
        <SortableContext items={shown.map((module) => module.id)} strategy={verticalListSortingStrategy}>
          {shown.map((module, index) => (
            <Sortable
              key={module.id}
              id={module.id}
              label={t('move', { title: module.title })}
              as="section"
              // An activity is put among activities; only a module without any takes it itself.
              closed={dragged === 'activity' && module.activities.length > 0}
            >
              {(handle) => (
                <>
                  <div className="flex items-center gap-2">
                    {handle}
                    <h2 className="min-w-0 flex-1 text-lg break-words">{module.title}</h2>
                    <span className="flex items-center self-start">
                      <Steps
                        title={module.title}
                        up={index > 0 ? () => apply(moveModule(shown, module.id, index - 1)) : undefined}
                        down={
                          index < shown.length - 1
                            ? () => apply(moveModule(shown, module.id, index + 1))
                            : undefined
                        }
                      />
                      <Removal
                        label={t('removeModule', { title: module.title })}
                        title={t('confirmModule', { title: module.title })}
                        lead={t('confirmModuleLead', { count: module.activities.length })}
                        onConfirm={() => remove(() => removeModule(module.id))}
                      />
                    </span>
                  </div>
                  <div className="sm:pl-10">
                    <SortableContext
                      items={module.activities.map((activity) => activity.id)}
                      strategy={verticalListSortingStrategy}
                    >
                      <ul className="mt-3 space-y-2">
                        {module.activities.map((activity, place) => (
                          <Sortable
                            key={activity.id}
                            id={activity.id}
                            label={t('move', { title: activity.title })}
                            as="li"
                            closed={dragged === 'module'}
                          >
                            {(handle) => (
                              <>
                                {handle}
                                <div className="flex min-w-0 flex-1 flex-wrap items-center gap-x-3 gap-y-1 py-1">
                                  <a
                                    className="link min-w-0 font-medium break-words"
                                    href={`/studio/activities/${activity.id}`}
                                  >
                                    {activity.title}
                                  </a>
                                  <span className="text-sm text-ink-soft">
                                    {t(activity.type)}
                                    {activity.type === 'quiz' &&
                                      `, ${t('questions', { count: activity.questions })}`}
                                    {activity.minutes > 0 && `, ${t('minutes', { count: activity.minutes })}`}
                                  </span>
                                  {activity.availability.kind !== 'always' && <Badge>{t('locked')}</Badge>}
                                </div>
                                <span className="ml-auto flex items-center">
                                  <Steps
                                    title={activity.title}
                                    up={
                                      place > 0
                                        ? () => apply(moveActivity(shown, activity.id, module.id, place - 1))
                                        : index > 0
                                          ? () => {
                                              const before = shown[index - 1];
                                              if (before)
                                                apply(
                                                  moveActivity(
                                                    shown,
                                                    activity.id,
                                                    before.id,
                                                    before.activities.length,
                                                  ),
                                                );
                                            }
                                          : undefined
                                    }
                                    down={
                                      place < module.activities.length - 1
                                        ? () => apply(moveActivity(shown, activity.id, module.id, place + 1))
                                        : index < shown.length - 1
                                          ? () => {
                                              const after = shown[index + 1];
                                              if (after) apply(moveActivity(shown, activity.id, after.id, 0));
                                            }
                                          : undefined
                                    }
                                  />
                                  <Removal
                                    label={t('removeActivity', { title: activity.title })}
                                    title={t('confirmActivity', { title: activity.title })}
                                    lead={t('confirmActivityLead')}
                                    onConfirm={() => remove(() => removeActivity(activity.id))}
                                  />
                                </span>
                              </>
                            )}
                          </Sortable>
                        ))}
                      </ul>
                    </SortableContext>
                    {module.activities.length === 0 && (
                      <p className="mt-3 text-sm text-ink-soft">{t('noActivity')}</p>
                    )}
                    <ModuleForms module={module} referenceLabel={referenceLabel} />
                  </div>
                </>
              )}
            </Sortable>
          ))}
        </SortableContext>
      </DndContext>
    </div>
  );
}

function Removal({
  label,
  title,
  lead,
  onConfirm,
}: {
  label: string;
  title: string;
  lead: string;
  onConfirm: () => void;
}) {
  const t = useTranslations('tree');
  return (
    <Confirmation
      variant="quiet"
      size="icon"
      aria-label={label}
      title={title}
      lead={lead}
      cancel={t('cancel')}
      act={(close) => (
        <Button
          variant="danger"
          onClick={() => {
            close();
            onConfirm();
          }}
        >
          {t('remove')}
        </Button>
      )}
    >
      <Icon name="x" />
    </Confirmation>
  );
}

function Steps({
  title,
  up,
  down,
}: {
  title: string;
  up?: (() => void) | undefined;
  down?: (() => void) | undefined;
}) {
  const t = useTranslations('tree');
  return (
    <span className="flex">
      <Button
        variant="quiet"
        size="icon"
        aria-label={t('up', { title })}
        aria-disabled={!up || undefined}
        onClick={up}
      >
        <Icon name="chevron-down" className="rotate-180" />
      </Button>
      <Button
        variant="quiet"
        size="icon"
        aria-label={t('down', { title })}
        aria-disabled={!down || undefined}
        onClick={down}
      >
        <Icon name="chevron-down" />
      </Button>
    </span>
  );
}

function Sortable({
  id,
  label,
  as: Tag,
  closed = false,
  children,
}: {
  id: string;
  label: string;
  as: 'section' | 'li';
  /** Nothing can be dropped here now. */
  closed?: boolean;
  children: (handle: ReactNode) => ReactNode;
}) {
  const t = useTranslations('tree');
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({
      id,
      disabled: { draggable: false, droppable: closed },
      attributes: { roleDescription: t('handle') },
    });
  const node = useRef<HTMLElement | null>(null);
  // Written to the element by script: the page's policy allows no style attributes.
  useEffect(() => {
    if (!node.current) return;
    node.current.style.transform = transform ? `translate3d(${transform.x}px, ${transform.y}px, 0)` : '';
    node.current.style.transition = transition ?? '';
  }, [transform, transition]);
  const handle = (
    <button
      type="button"
      ref={setActivatorNodeRef}
      aria-label={label}
      className="cursor-grab touch-none rounded-md p-2 text-ink-faint hover:bg-sunken hover:text-ink"
      {...attributes}
      {...listeners}
    >
      <svg viewBox="0 0 16 16" className="size-4" aria-hidden="true" fill="currentColor">
        <path d="M5 2h2v2H5zm4 0h2v2H9zM5 7h2v2H5zm4 0h2v2H9zm-4 5h2v2H5zm4 0h2v2H9z" />
      </svg>
    </button>
  );
  return (
    <Tag
      ref={(element: HTMLElement | null) => {
        node.current = element;
        setNodeRef(element);
      }}
      className={classes(
        'border border-line bg-surface',
        Tag === 'section'
          ? 'rounded-xl p-3 sm:p-4'
          : 'flex flex-wrap items-center gap-x-2 rounded-lg p-1.5 pr-1 sm:flex-nowrap',
        isDragging && 'relative z-10 shadow-float',
      )}
    >
      {children(handle)}
    </Tag>
  );
}

const adding = { lesson: 'addLesson', quiz: 'addQuiz', package: 'addPackage' } as const;

function ModuleForms({ module, referenceLabel }: { module: StudioModule; referenceLabel: string }) {
  const t = useTranslations('tree');
  const [open, setOpen] = useState<StudioActivity['type'] | 'rename' | null>(null);
  if (!open) {
    return (
      <p className="mt-3 flex flex-wrap gap-2">
        <Button variant="secondary" size="small" onClick={() => setOpen('lesson')}>
          {t('addLesson')}
        </Button>
        <Button variant="secondary" size="small" onClick={() => setOpen('quiz')}>
          {t('addQuiz')}
        </Button>
        <Button variant="secondary" size="small" onClick={() => setOpen('package')}>
          {t('addPackage')}
        </Button>
        <Button
          variant="quiet"
          size="small"
          aria-label={t('renameModule', { title: module.title })}
          onClick={() => setOpen('rename')}
        >
          {t('rename')}
        </Button>
      </p>
    );
  }
  const renaming = open === 'rename';
  return (
    <Form
      key={open}
      id={`${open}-${module.id}`}
      action={renaming ? renameModule : addActivity}
      referenceLabel={referenceLabel}
      className="mt-4 space-y-3"
    >
      <input type="hidden" name="moduleId" value={module.id} />
      {!renaming && <input type="hidden" name="type" value={open} />}
      <Field
        name="title"
        label={renaming ? t('moduleTitle') : t(adding[open])}
        defaultValue={renaming ? module.title : undefined}
        maxLength={200}
        required
        autoFocus
      />
      <p className="flex gap-2">
        <SubmitButton size="small">{renaming ? t('rename') : t('add')}</SubmitButton>
        <Button variant="quiet" size="small" onClick={() => setOpen(null)}>
          {t('cancel')}
        </Button>
      </p>
    </Form>
  );
}
