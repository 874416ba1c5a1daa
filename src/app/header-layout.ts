/** What of the top row stands where. Law: every tool is in the row or in the menu, at every width; narrower never shows more. */

/** Tools in the order shown. */
export const TOOLS = ['undo', 'redo', 'parameters', 'edit', 'export', 'share', 'full', 'theme', 'keys', 'howTrue'] as const;
type Tool = (typeof TOOLS)[number];

export interface Bar {
  readonly title: boolean;
  readonly url: boolean;
  /** Views as tabs; else as a list. */
  readonly tabs: boolean;
  readonly tools: readonly string[];
  readonly menu: readonly string[];
}
/** Room beside the tabs, px: margins, the page's name, a narrow list of scenarios, and what the tools take at most in each form. */
const BESIDE = 32 + 100 + 100 + 20, TOOLS_FULL = 396, TOOLS_FEW = 190;
/** `projector`: text is three times as large; `tabs`: how wide the views are side by side, px. */
export function barOf(width: number, projector: boolean, tabs: number): Bar {
  const shown: readonly Tool[] = projector ? ['theme', 'keys']
    : width >= 1500 ? TOOLS.filter((t) => t !== 'howTrue')
    : width >= 1240 ? ['undo', 'redo', 'parameters', 'edit', 'export', 'share', 'theme', 'keys']
    : width >= 1000 ? ['undo', 'share', 'keys']
    : width >= 700 ? ['undo', 'redo', 'parameters', 'share', 'theme', 'keys'] : [];
  // the full screen has its key, and from 1500 px on its button; how true it is stands in the rail where there is one
  const menu = TOOLS.filter((t) => !shown.includes(t) && !(t === 'full' && !projector && width >= 1240) && !(t === 'howTrue' && !projector && width >= 700));
  return { title: !projector && width >= 820, url: !projector && width >= 1640, tabs: !projector && width >= 1000 && tabs + BESIDE + (width >= 1240 ? TOOLS_FULL + (width >= 1500 ? 36 : 0) : TOOLS_FEW) <= width, tools: TOOLS.filter((t) => shown.includes(t)), menu };
}
