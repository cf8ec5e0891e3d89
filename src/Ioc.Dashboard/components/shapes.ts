/** Priority shapes in a box of 24: the page draws them as SVG, the map as canvas paths. */
export interface Shape {
  path: string;
  /** Where the digit's middle stands. */
  digitY: number;
}

const shapes: readonly Shape[] = [
  { path: '', digitY: 12 },
  { path: 'M12 0.8 23.2 12 12 23.2 0.8 12Z', digitY: 12.4 },
  { path: 'M12 1.6 23.2 21.6H0.8Z', digitY: 15.2 },
  { path: 'M3 3H21V21H3Z', digitY: 12.4 },
  { path: 'M12 2A10 10 0 1 1 12 22 10 10 0 1 1 12 2Z', digitY: 12.4 },
];

const unknown: Shape = { path: 'M3 3H21V21H3Z', digitY: 12.4 };

export function shapeOf(priority: number): Shape {
  return shapes[priority] ?? unknown;
}
