/** Sharp on a screen with two pixels for one, and in print. */
const pixelsPerUnit = 2;

/** Draws an SVG as a PNG. Throws if the browser cannot. */
export async function svgToPng(svg: string): Promise<Blob> {
  const image = new Image();
  // The page's policy allows pictures out of the page as `data:` only.
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  canvas.width = image.naturalWidth * pixelsPerUnit;
  canvas.height = image.naturalHeight * pixelsPerUnit;
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) => (blob === null ? reject(new Error('no picture')) : resolve(blob)), 'image/png');
  });
}
