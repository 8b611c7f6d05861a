/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-raster"

#include "config.h"

#include <math.h>
#include <string.h>

#include "muster-raster-private.h"

/* Pictures on their way back from the renderer: the one on screen, the one being drawn, one in
 * between. */
#define SPARE_BUFFERS 3

struct _MusterRasterPool
{
  gatomicrefcount references;
  GMutex          lock;
  guint32        *spare[SPARE_BUFFERS]; /* (owned) (nullable) */
  gsize           size;
};

typedef MusterRasterPool Pool;

typedef struct
{
  Pool    *pool;
  guint32 *pixels;
  gsize    size;
} Lent;

static void
pool_unref (Pool *pool)
{
  if (!g_atomic_ref_count_dec (&pool->references))
    return;
  for (unsigned i = 0; i < SPARE_BUFFERS; i++)
    g_free (pool->spare[i]);
  g_mutex_clear (&pool->lock);
  g_free (pool);
}

static guint32 *
pool_take (Pool *pool, gsize size)
{
  guint32 *pixels = NULL;

  g_mutex_lock (&pool->lock);
  if (pool->size != size)
    {
      for (unsigned i = 0; i < SPARE_BUFFERS; i++)
        g_clear_pointer (&pool->spare[i], g_free);
      pool->size = size;
    }
  for (unsigned i = 0; i < SPARE_BUFFERS && pixels == NULL; i++)
    pixels = g_steal_pointer (&pool->spare[i]);
  g_mutex_unlock (&pool->lock);
  return pixels != NULL ? pixels : g_malloc (size);
}

static void
pool_give (Pool *pool, guint32 *pixels, gsize size)
{
  g_mutex_lock (&pool->lock);
  for (unsigned i = 0; i < SPARE_BUFFERS && pixels != NULL && pool->size == size; i++)
    if (pool->spare[i] == NULL)
      pool->spare[i] = g_steal_pointer (&pixels);
  g_mutex_unlock (&pool->lock);
  g_free (pixels);
}

static void
lent_free (gpointer data)
{
  Lent *lent = data;

  pool_give (lent->pool, lent->pixels, lent->size);
  pool_unref (lent->pool);
  g_free (lent);
}

MusterRaster *
muster_raster_new (void)
{
  MusterRaster *self = g_new0 (MusterRaster, 1);

  self->pool = g_new0 (Pool, 1);
  g_atomic_ref_count_init (&self->pool->references);
  g_mutex_init (&self->pool->lock);
  return self;
}

void
muster_raster_free (MusterRaster *self)
{
  g_free (self->pixels);
  g_free (self->low);
  g_free (self->high);
  g_free (self->bars_top);
  g_free (self->bars_bottom);
  pool_unref (self->pool);
  g_free (self);
}

static gsize
size_of (MusterRaster *self)
{
  return (gsize)self->width * self->height * sizeof (guint32);
}

void
muster_raster_begin (MusterRaster *self, unsigned width, unsigned height)
{
  g_return_if_fail (self != NULL);
  g_return_if_fail (width > 0 && height > 0 && width <= 1 << 15 && height <= 1 << 15);

  g_clear_pointer (&self->pixels, g_free);
  self->width = width;
  self->height = height;
  self->pixels = pool_take (self->pool, size_of (self));
  memset (self->pixels, 0, size_of (self));
  if (self->n_columns != width)
    {
      self->low = g_renew (float, self->low, width);
      self->high = g_renew (float, self->high, width);
      self->bars_top = g_renew (int, self->bars_top, width);
      self->bars_bottom = g_renew (int, self->bars_bottom, width);
      self->n_columns = width;
    }
  memset (self->bars_top, 0, sizeof (int) * width);
  memset (self->bars_bottom, 0, sizeof (int) * width);
}

static inline void
cover (MusterRaster *self, int column, float low, float high)
{
  if (low < self->low[column])
    self->low[column] = low;
  if (high > self->high[column])
    self->high[column] = high;
}

/* Widens the spans of the columns that the straight line from (X0, Y0) to (X1, Y1) crosses; X0 <=
 * X1. */
static void
cover_line (MusterRaster *self, double x0, double y0, double x1, double y1)
{
  int    first, last;
  double slope, y;

  if (x1 < 0 || x0 >= self->width)
    return;
  first = x0 < 0 ? 0 : (int)x0;
  last = x1 >= self->width ? (int)self->width - 1 : (int)x1;
  if (first == last)
    {
      cover (self, first, MIN (y0, y1), MAX (y0, y1));
      return;
    }
  slope = (y1 - y0) / (x1 - x0);
  y = x0 < 0 ? y0 - slope * x0 : y0;
  for (int column = first; column <= last; column++)
    {
      double end = column + 1 >= x1 ? y1 : y0 + slope * (column + 1 - x0);

      cover (self, column, MIN (y, end), MAX (y, end));
      y = end;
    }
}

void
muster_raster_find_visible (const MusterPoint *points,
                            unsigned           n_points,
                            const MusterView  *view,
                            unsigned          *first,
                            unsigned          *end)
{
  unsigned low = 0, high = n_points;

  while (low < high)
    {
      unsigned middle = low + (high - low) / 2;

      if (points[middle].time < view->from)
        low = middle + 1;
      else
        high = middle;
    }
  *first = low > 0 ? low - 1 : 0;
  high = n_points;
  while (low < high)
    {
      unsigned middle = low + (high - low) / 2;

      if (points[middle].time <= view->to)
        low = middle + 1;
      else
        high = middle;
    }
  *end = MIN (low + 1, n_points);
}

/* A point that no line leads to or from: wide enough to be seen. */
static void
cover_point (MusterRaster *self, double x, double y)
{
  for (int column = MAX (0, (int)floor (x - 1.5));
       column <= floor (x + 1.5) && column < (int)self->width; column++)
    cover (self, column, y - 1, y + 1);
}

static gboolean
is_joined (const MusterPoint *points, unsigned first, gint64 max_gap)
{
  return !isnan (points[first].value) && !isnan (points[first + 1].value) &&
         (max_gap == 0 || points[first + 1].time - points[first].time <= max_gap);
}

/* From (X0, Y0) on at the same height, then to Y1 at once; a Y1 that is NAN only ends it. */
static void
cover_step (MusterRaster *self, double x0, double y0, double x1, double y1)
{
  if (isnan (y0))
    return;
  cover_line (self, x0, y0, x1, y0);
  if (!isnan (y1) && x1 >= 0)
    cover_line (self, x1, y0, x1, y1);
}

/* Whether a level line leads away from the point at POSITION. */
static gboolean
stands_on (const MusterPoint *points, unsigned n_points, unsigned position, const MusterInk *ink)
{
  return ink->holds && (position + 1 < n_points || ink->until > points[position].time);
}

void
muster_raster_collect (MusterRaster      *self,
                       const MusterPoint *points,
                       unsigned           n_points,
                       gint64             max_gap,
                       const MusterView  *view,
                       const MusterInk   *ink)
{
  double   scale_x = self->width / (view->to - view->from);
  double   scale_y = self->height / (view->upper - view->lower);
  double   previous_x = 0, previous_y = 0;
  gboolean joined = FALSE;
  unsigned first, end;

  for (unsigned i = 0; i < self->width; i++)
    {
      self->low[i] = INFINITY;
      self->high[i] = -INFINITY;
    }
  muster_raster_find_visible (points, n_points, view, &first, &end);
  for (unsigned i = first; i < end; i++)
    {
      double   x = (points[i].time - view->from) * scale_x;
      double   y = (view->upper - points[i].value) * scale_y;
      gboolean joins_next = i + 1 < n_points && is_joined (points, i, max_gap);

      if (joined)
        cover_line (self, previous_x, previous_y, x, y);
      else if (ink->holds && i > first)
        cover_step (self, previous_x, previous_y, x, y);
      else if (!isnan (y) && !joins_next && !stands_on (points, n_points, i, ink))
        cover_point (self, x, y);
      joined = joins_next;
      previous_x = x;
      previous_y = y;
    }
  if (ink->holds && end == n_points && ink->until > points[end - 1].time)
    cover_step (self, previous_x, previous_y, (ink->until - view->from) * scale_x, NAN);
}

/* SOURCE is premultiplied; WEIGHT, from 0 to 256, is how much of the pixel it covers. */
static inline void
blend (guint32 *pixel, guint32 source, unsigned weight)
{
  unsigned alpha = (source >> 24) * weight >> 8;
  unsigned keep = 256 - alpha - (alpha >> 7);
  guint32  source_rb = ((source & 0xff00ff) * weight >> 8) & 0xff00ff;
  guint32  source_ag = (((source >> 8) & 0xff00ff) * weight) & 0xff00ff00;
  guint32  rb = ((*pixel & 0xff00ff) * keep >> 8) & 0xff00ff;
  guint32  ag = (((*pixel >> 8) & 0xff00ff) * keep) & 0xff00ff00;

  *pixel = (source_rb + rb) | (source_ag + ag);
}

guint32
muster_raster_premultiply (const MusterInk *ink, float opacity)
{
  float    alpha = CLAMP (ink->alpha * opacity, 0, 1);
  unsigned a = alpha * 255 + 0.5f;
  unsigned r = ink->red * alpha * 255 + 0.5f;
  unsigned g = ink->green * alpha * 255 + 0.5f;
  unsigned b = ink->blue * alpha * 255 + 0.5f;

  return a << 24 | MIN (r, a) << 16 | MIN (g, a) << 8 | MIN (b, a);
}

void
muster_raster_paint (MusterRaster *self, unsigned x, float top, float bottom, guint32 colour)
{
  int      first = top < 0 ? 0 : (int)top;
  int      last = bottom >= self->height ? (int)self->height - 1 : (int)bottom;
  gboolean opaque = colour >> 24 == 255;

  for (int y = first; y <= last; y++)
    {
      float    covered = MIN (bottom, y + 1) - MAX (top, y);
      guint32 *pixel = self->pixels + (gsize)y * self->width + x;

      if (covered >= 1 && opaque)
        *pixel = colour;
      else if (covered > 0)
        blend (pixel, colour, MIN (covered, 1) * 256);
    }
}

/* Whether column X is one that a dashed line leaves open. */
static gboolean
is_open (const MusterInk *ink, unsigned x)
{
  return ink->dash > 0 && fmodf (x, ink->dash * 1.5f) >= ink->dash;
}

void
muster_raster_draw (MusterRaster      *self,
                    const MusterPoint *points,
                    unsigned           n_points,
                    gint64             max_gap,
                    const MusterView  *view,
                    const MusterInk   *ink)
{
  guint32 line, area;
  float   half;

  g_return_if_fail (self != NULL && self->pixels != NULL);
  g_return_if_fail (view != NULL && ink != NULL);

  if (n_points == 0 || !(view->to > view->from) || !(view->upper > view->lower))
    return;
  muster_raster_collect (self, points, n_points, max_gap, view, ink);
  line = muster_raster_premultiply (ink, 1);
  area = muster_raster_premultiply (ink, ink->fill);
  half = ink->width / 2;
  for (unsigned x = 0; x < self->width; x++)
    {
      if (self->low[x] > self->high[x] || is_open (ink, x))
        continue;
      if (ink->fill > 0)
        muster_raster_paint (self, x, CLAMP (self->high[x], 0, self->height), self->height, area);
      if (self->high[x] + half > 0 && self->low[x] - half < self->height)
        muster_raster_paint (self, x, self->low[x] - half, self->high[x] + half, line);
    }
}

guint32
muster_raster_get_pixel (MusterRaster *self, unsigned x, unsigned y)
{
  g_return_val_if_fail (self != NULL && self->pixels != NULL, 0);
  g_return_val_if_fail (x < self->width && y < self->height, 0);

  return self->pixels[(gsize)y * self->width + x];
}

GBytes *
muster_raster_end (MusterRaster *self)
{
  Lent *lent;

  g_return_val_if_fail (self != NULL && self->pixels != NULL, NULL);

  lent = g_new (Lent, 1);
  lent->pool = self->pool;
  g_atomic_ref_count_inc (&self->pool->references);
  lent->size = size_of (self);
  lent->pixels = g_steal_pointer (&self->pixels);
  return g_bytes_new_with_free_func (lent->pixels, lent->size, lent_free, lent);
}
