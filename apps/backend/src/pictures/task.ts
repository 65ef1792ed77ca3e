/** What is asked of the process that opens pictures, and what it answers: paths, never bytes. */
export type PictureTask =
  /** Makes the sizes a picture is shown in, into `folder`. */
  | { kind: 'sizes'; path: string; folder: string; widths: readonly number[] }
  /** Makes of anything it can read, SVG too, a picture that may be stored. */
  | { kind: 'convert'; path: string; folder: string };

export interface Size {
  path: string;
  width: number;
  height: number;
  bytes: number;
}

export type PictureAnswer =
  | { kind: 'sizes'; width: number; height: number; sizes: Size[] }
  /** `width` and `height` in CSS pixels; `path` is the task's own where nothing had to be done. */
  | { kind: 'convert'; path: string; width: number; height: number }
  | { kind: 'unreadable'; reason: string };
