/** The tokens a canvas needs, read from the page so that both follow the theme. */
export interface MapColours {
  sea: string;
  land: string;
  panel: string;
  raise: string;
  line: string;
  mut: string;
  quiet: string;
  text: string;
  text2: string;
  outline: string;
  priorities: readonly string[];
  font: string;
}

export function readColours(): MapColours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(name).trim();
  return {
    sea: token('--sea'),
    land: token('--land'),
    panel: token('--panel'),
    raise: token('--raise'),
    line: token('--line'),
    mut: token('--mut'),
    quiet: token('--quiet'),
    text: token('--tx'),
    text2: token('--tx2'),
    outline: token('--ink'),
    priorities: ['', token('--p1'), token('--p2'), token('--p3'), token('--p4')],
    font: style.fontFamily,
  };
}
