/** The picture in view as a file of its own: every drawing of the stage in its place, with the styles it has now. Law: what is saved is what is seen. */

/** What a mark's look consists of; everything else is structure. */
const LOOK = [
  'fill', 'fill-opacity', 'stroke', 'stroke-width', 'stroke-dasharray', 'stroke-linecap', 'stroke-linejoin', 'stroke-opacity', 'opacity', 'paint-order', 'font-family', 'font-size', 'font-weight', 'font-variant-numeric', 'text-anchor', 'dominant-baseline',
  'visibility', 'clip-path', 'mask', 'marker-end', 'marker-start', 'vector-effect',
] as const;
const SVG_NS = 'http://www.w3.org/2000/svg';

function withLook(drawn: SVGSVGElement): SVGSVGElement {
  const copy = drawn.cloneNode(true) as SVGSVGElement;
  const from = [drawn, ...drawn.querySelectorAll<SVGElement>('*')], to = [copy, ...copy.querySelectorAll<SVGElement>('*')];
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    const target = to[i]!;
    if (style.display === 'none') return target.setAttribute('display', 'none');
    for (const property of LOOK) {
      const value = style.getPropertyValue(property);
      if (value && value !== 'none' && value !== 'normal' && value !== 'auto') target.setAttribute(property, value.replace(/url\("[^"]*#/g, 'url("#').replaceAll('"', "'"));
      else if (value === 'none' && (property === 'fill' || property === 'stroke')) target.setAttribute(property, 'none');
    }
    for (const name of ['class', 'style', 'tabindex', 'role']) target.removeAttribute(name);
  });
  return copy;
}

export interface Picture {
  readonly svg: string;
  readonly width: number;
  readonly height: number;
}
/** All drawings under `root` in one; null when there is none (a table). */
export function pictureOf(root: Element, title: string): Picture | null {
  const drawings = [...root.querySelectorAll<SVGSVGElement>('svg')].filter((s) => !s.parentElement?.closest('svg') && s.getBoundingClientRect().width > 60);
  if (drawings.length === 0) return null;
  const boxes = drawings.map((s) => s.getBoundingClientRect());
  const left = Math.min(...boxes.map((b) => b.left)), top = Math.min(...boxes.map((b) => b.top));
  const width = Math.ceil(Math.max(...boxes.map((b) => b.right)) - left), height = Math.ceil(Math.max(...boxes.map((b) => b.bottom)) - top);
  const whole = document.createElementNS(SVG_NS, 'svg');
  for (const [name, value] of [['xmlns', SVG_NS], ['width', String(width)], ['height', String(height)], ['viewBox', `0 0 ${width} ${height}`]] as const) whole.setAttribute(name, value);
  const label = document.createElementNS(SVG_NS, 'title');
  label.textContent = title;
  const paper = document.createElementNS(SVG_NS, 'rect');
  for (const [name, value] of [['width', '100%'], ['height', '100%'], ['fill', getComputedStyle(document.body).backgroundColor]] as const) paper.setAttribute(name, value);
  whole.append(label, paper);
  // what a crowd's picture has beneath its marks is pixels already
  for (const canvas of root.querySelectorAll('canvas')) {
    const box = canvas.getBoundingClientRect();
    if (box.width < 60 || canvas.width === 0) continue;
    const image = document.createElementNS(SVG_NS, 'image');
    for (const [name, value] of [['x', box.left - left], ['y', box.top - top], ['width', box.width], ['height', box.height], ['href', canvas.toDataURL('image/png')]] as const) image.setAttribute(name, String(value));
    const clip = getComputedStyle(canvas).clipPath;
    if (clip !== 'none') image.setAttribute('clip-path', clip);
    whole.append(image);
  }
  drawings.forEach((drawn, i) => {
    const part = withLook(drawn);
    part.setAttribute('x', String(Math.round(boxes[i]!.left - left)));
    part.setAttribute('y', String(Math.round(boxes[i]!.top - top)));
    part.setAttribute('width', String(boxes[i]!.width));
    part.setAttribute('height', String(boxes[i]!.height));
    whole.append(part);
  });
  return { svg: new XMLSerializer().serializeToString(whole), width, height };
}

/** The same as pixels, `scale` of them for each unit. */
export async function rasterise({ svg, width, height }: Picture, scale = 2): Promise<Uint8Array> {
  const url = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = width * scale;
    canvas.height = height * scale;
    canvas.getContext('2d')!.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise<Blob | null>((resolve) => canvas.toBlob(resolve, 'image/png'));
    return new Uint8Array(await blob!.arrayBuffer());
  } finally {
    URL.revokeObjectURL(url);
  }
}
