/** A picture to send, drawn in the page: one of the loom's cards. */

export async function picture(): Promise<File> {
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [1200, 800];
  const context = canvas.getContext('2d') as CanvasRenderingContext2D;
  context.fillStyle = '#c9b48a';
  context.fillRect(0, 0, 1200, 800);
  context.fillStyle = '#3d3325';
  for (let x = 0; x < 22; x++) {
    for (let y = 0; y < 13; y++) {
      if ((x * 7 + y * 5 + x * y) % 3 === 0) continue;
      context.beginPath();
      context.arc(75 + x * 50, 90 + y * 51, 15, 0, 7);
      context.fill();
    }
  }
  const blob = await new Promise<Blob | null>((got) => canvas.toBlob(got, 'image/png'));
  return new File([blob as Blob], 'card-1841.png', { type: 'image/png' });
}
