//! Functions whose every bit is the same on all machines: the standard library's own are those of the system's libm.

/// `1 / (1 + e^-x)`.
pub fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + libm::expf(-x))
}

/// `ln x`.
pub fn ln(x: f32) -> f32 {
    libm::logf(x)
}

/// `ln(p / (1 - p))`, for a p that may be 0 or 1.
pub fn logit(p: f32) -> f32 {
    let p = p.clamp(1e-6, 1.0 - 1e-6);
    ln(p / (1.0 - p))
}

/// Rows and columns of the block that is computed at once: as many sums as registers hold.
const ROWS: usize = 4;
const COLUMNS: usize = 8;

/// A matrix laid out for [`multiply`]: panels of eight columns, each panel row by row.
#[derive(Clone, Debug)]
pub struct Panels {
    inner: usize,
    panels: Vec<[f32; COLUMNS]>,
}

impl Panels {
    /// From the transposed matrix: `columns` rows of `inner` figures. The number of columns is a multiple of eight.
    pub fn of_transposed(transposed: &[f32], inner: usize) -> Self {
        let columns = transposed.len() / inner;
        let mut panels = vec![[0.0; COLUMNS]; columns / COLUMNS * inner];
        for (column, row) in transposed.chunks_exact(inner).enumerate() {
            for (k, figure) in row.iter().enumerate() {
                panels[column / COLUMNS * inner + k][column % COLUMNS] = *figure;
            }
        }
        Self { inner, panels }
    }
}

/// The product of `left` (rows of `panels.inner` figures) and the matrix, row by row. Every sum is taken in the order of
/// the inner places, so it is the same on every machine.
pub fn multiply(left: &[f32], matrix: &Panels, product: &mut [f32]) {
    let inner = matrix.inner;
    let columns = matrix.panels.len() / inner * COLUMNS;
    for (number, panel) in matrix.panels.chunks_exact(inner).enumerate() {
        let mut rows = left.chunks_exact(inner * ROWS);
        let mut at = 0;
        for block in &mut rows {
            let (a, rest) = block.split_at(inner);
            let (b, rest) = rest.split_at(inner);
            let (c, d) = rest.split_at(inner);
            let mut sums = [[0.0f32; COLUMNS]; ROWS];
            for ((((p, a), b), c), d) in panel.iter().zip(a).zip(b).zip(c).zip(d) {
                for j in 0..COLUMNS {
                    sums[0][j] += a * p[j];
                    sums[1][j] += b * p[j];
                    sums[2][j] += c * p[j];
                    sums[3][j] += d * p[j];
                }
            }
            for (row, sums) in sums.iter().enumerate() {
                let place = (at + row) * columns + number * COLUMNS;
                product[place..place + COLUMNS].copy_from_slice(sums);
            }
            at += ROWS;
        }
        for row in rows.remainder().chunks_exact(inner) {
            let mut sums = [0.0f32; COLUMNS];
            for (p, a) in panel.iter().zip(row) {
                for j in 0..COLUMNS {
                    sums[j] += a * p[j];
                }
            }
            let place = at * columns + number * COLUMNS;
            product[place..place + COLUMNS].copy_from_slice(&sums);
            at += 1;
        }
    }
}
