import sharp from 'sharp';

const WIDTH = 1200;
const HEIGHT = 675;

/** A courtyard of arches by day, in the house's colours, as PNG: covers and pictures of the demonstration. */
export function courtyard({
  arches,
  lit,
  sky,
}: {
  arches: number;
  lit: number;
  sky: string;
}): Promise<Buffer> {
  const pitch = WIDTH / arches;
  const radius = pitch * 0.34;
  const spring = HEIGHT * 0.6;
  const doors = Array.from({ length: arches }, (_, index) => {
    const middle = (index + 0.5) * pitch;
    const fill = index === lit ? '#e8aa4e' : '#fcfaf6';
    const path = `M${middle - radius} ${HEIGHT - 70}V${spring}A${radius} ${radius} 0 0 1 ${middle + radius} ${spring}V${HEIGHT - 70}Z`;
    return `<path d="${path}" fill="${fill}"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
    <rect width="100%" height="100%" fill="${sky}"/>
    <circle cx="${WIDTH * 0.82}" cy="${HEIGHT * 0.2}" r="56" fill="#e8aa4e"/>
    <path d="M0 ${HEIGHT * 0.36}h${WIDTH}v${HEIGHT}H0Z" fill="#176a4e"/>
    <path d="M0 ${HEIGHT * 0.36}h${WIDTH}v14H0Z" fill="#0f4f39"/>
    ${doors.join('')}
    <path d="M0 ${HEIGHT - 70}h${WIDTH}v70H0Z" fill="#d9d2c3"/>
  </svg>`;
  return sharp(Buffer.from(svg)).png({ palette: true }).toBuffer();
}
