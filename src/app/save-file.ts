/** Gives a file to the person: a download by link, from memory. Law: nothing leaves the machine. */

/** Saves `content` under a name; false when this frame may not save files (sandbox without allow-downloads). */
export function saveFile(name: string, content: string | Uint8Array, mime: string): boolean {
  const url = URL.createObjectURL(new Blob([content as BlobPart], { type: mime }));
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.rel = 'noopener';
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
  return true;
}
