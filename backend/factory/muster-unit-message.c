/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-unit-message"

#include "config.h"

#include <math.h>
#include <string.h>

#include "mf_octets.h"
#include "mf_unit.h"
#include "muster-unit-message.h"

/* As long as the field of a device may be. */
#define HARDWARE_MAX_LENGTH 32
#define IDENTITY_HEAD 27
#define METRIC_HEAD 20
#define CHECK_HEAD 15
#define RESULT_SIZE 7
#define OPEN_LIMIT 1e9
#define SAMPLES_HEAD 10
#define SAMPLE_SIZE 10

/* What is left of a message. */
typedef struct
{
  const guint8 *at;
  gsize         size;
} Rest;

/* A text with its length before it, into a field of MUSTER_UNIT_TEXT_SIZE. */
static gboolean
take_text (Rest *rest, char *out)
{
  gsize size = rest->size > 0 ? rest->at[0] : 0;

  if (rest->size < 1 + size || size >= MUSTER_UNIT_TEXT_SIZE ||
      !g_utf8_validate_len ((const char *)rest->at + 1, size, NULL))
    return FALSE;
  memcpy (out, rest->at + 1, size);
  out[size] = '\0';
  rest->at += 1 + size;
  rest->size -= 1 + size;
  return TRUE;
}

/* The number that was meant: with as many digits as it has, so that 5.001 is not below 5.001. */
static double
widen_float (float number)
{
  char text[G_ASCII_DTOSTR_BUF_SIZE];

  if (!isfinite (number))
    return number;
  return g_ascii_strtod (g_ascii_formatd (text, sizeof text, "%.7g", number), NULL);
}

static double
get_float (const guint8 *bytes)
{
  union mf_unit_value value = { .u = mf_get32 (bytes) };

  return widen_float (value.f);
}

gboolean
muster_unit_message_read_identity (const guint8 *bytes, gsize size, MusterUnitIdentity *out)
{
  Rest rest = { bytes + IDENTITY_HEAD, size - IDENTITY_HEAD };

  g_return_val_if_fail (out != NULL, FALSE);

  if (size < IDENTITY_HEAD || bytes[0] != MF_UNIT_IDENTITY || bytes[1] != MF_LINK_VERSION)
    return FALSE;
  out->starts = mf_get32 (bytes + 2);
  out->security_counter = mf_get32 (bytes + 18);
  out->n_metrics = bytes[23];
  return take_text (&rest, out->serial) && take_text (&rest, out->model) &&
         take_text (&rest, out->hardware) && take_text (&rest, out->firmware) &&
         g_utf8_strlen (out->hardware, -1) <= HARDWARE_MAX_LENGTH;
}

gboolean
muster_unit_message_read_metric (const guint8 *bytes, gsize size, MusterUnitMetric *out)
{
  Rest rest = { bytes + METRIC_HEAD, size - METRIC_HEAD };

  g_return_val_if_fail (out != NULL, FALSE);

  if (size < METRIC_HEAD || bytes[0] != MF_UNIT_METRIC)
    return FALSE;
  out->number = bytes[1];
  out->type = bytes[2];
  out->is_writable = (bytes[3] & 1) != 0;
  out->has_range = (bytes[3] & 2) != 0;
  out->low = get_float (bytes + 4);
  out->high = get_float (bytes + 8);
  return take_text (&rest, out->name) && take_text (&rest, out->unit);
}

/* A limit so far off that it is none: the board has no infinity to spare (LINK.md). */
static double
get_limit (const guint8 *bytes)
{
  double limit = get_float (bytes);

  return fabs (limit) >= OPEN_LIMIT ? copysign (INFINITY, limit) : limit;
}

gboolean
muster_unit_message_read_check (const guint8 *bytes, gsize size, MusterUnitCheck *out)
{
  Rest rest = { bytes + CHECK_HEAD, size - CHECK_HEAD };

  g_return_val_if_fail (out != NULL, FALSE);

  if (size < CHECK_HEAD || bytes[0] != MF_UNIT_CHECK)
    return FALSE;
  out->number = bytes[1];
  out->passed = bytes[2] != 0;
  out->measured = get_float (bytes + 3);
  out->low = get_limit (bytes + 7);
  out->high = get_limit (bytes + 11);
  return take_text (&rest, out->name);
}

gboolean
muster_unit_message_read_result (const guint8 *bytes, gsize size, MusterUnitResult *out)
{
  g_return_val_if_fail (out != NULL, FALSE);

  if (size < RESULT_SIZE || bytes[0] != MF_UNIT_RESULT)
    return FALSE;
  out->request = bytes[1];
  out->status = bytes[2];
  out->detail = mf_get32 (bytes + 3);
  return TRUE;
}

gboolean
muster_unit_message_read_samples (const guint8        *bytes,
                                  gsize                size,
                                  MusterUnitSampleFunc func,
                                  gpointer             user_data)
{
  g_return_val_if_fail (func != NULL, FALSE);

  if (size < SAMPLES_HEAD || bytes[0] != MF_UNIT_SAMPLES ||
      size != SAMPLES_HEAD + (gsize)bytes[1] * SAMPLE_SIZE)
    return FALSE;
  for (const guint8 *at = bytes + SAMPLES_HEAD; at < bytes + size; at += SAMPLE_SIZE)
    {
      MusterUnitSample sample = { at[0], (at[1] & 1) != 0, mf_get32 (at + 6) };

      func (&sample, user_data);
    }
  return TRUE;
}

static gboolean
get_bounds (guint8 type, double *low, double *high)
{
  static const struct
  {
    guint8 type;
    double low, high;
  } bounds[] = {
    { MF_TYPE_INT8, G_MININT8, G_MAXINT8 },
    { MF_TYPE_INT16, G_MININT16, G_MAXINT16 },
    { MF_TYPE_INT32, G_MININT32, G_MAXINT32 },
    { MF_TYPE_UINT8, 0, G_MAXUINT8 },
    { MF_TYPE_UINT16, 0, G_MAXUINT16 },
    { MF_TYPE_UINT32, 0, G_MAXUINT32 },
    { MF_TYPE_BOOLEAN, 0, 1 },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (bounds); i++)
    if (bounds[i].type == type)
      {
        *low = bounds[i].low;
        *high = bounds[i].high;
        return TRUE;
      }
  return FALSE;
}

double
muster_unit_value_widen (guint8 type, guint32 bits)
{
  union mf_unit_value value = { .u = bits };
  double              low, high;

  if (type == MF_TYPE_FLOAT)
    return widen_float (value.f);
  if (!get_bounds (type, &low, &high))
    return NAN;
  if (type == MF_TYPE_BOOLEAN)
    return bits != 0;
  return low < 0 ? (double)value.i : (double)value.u;
}

gboolean
muster_unit_value_narrow (guint8 type, double value, guint32 *bits)
{
  union mf_unit_value narrow = { .u = 0 };
  double              low, high;

  g_return_val_if_fail (bits != NULL, FALSE);

  if (type == MF_TYPE_FLOAT && fabs (value) <= (double)G_MAXFLOAT)
    narrow.f = (float)value;
  else if (type == MF_TYPE_FLOAT || !get_bounds (type, &low, &high) || !(value >= low) ||
           !(value <= high) || trunc (value) != value)
    return FALSE;
  else if (low < 0)
    narrow.i = (gint32)value;
  else
    narrow.u = (guint32)value;
  *bits = narrow.u;
  return TRUE;
}

const char *
muster_unit_status_describe (guint8 status)
{
  static const char *const words[] = {
    [MF_UNIT_DONE] = "done",
    [MF_UNIT_UNKNOWN] = "the board knows no such request",
    [MF_UNIT_MALFORMED] = "the board does not understand the request",
    [MF_UNIT_NO_METRIC] = "the board has no such metric or check",
    [MF_UNIT_READ_ONLY] = "the metric may not be written",
    [MF_UNIT_RANGE] = "the value is out of the metric's range",
    [MF_UNIT_FAILED] = "the board could not",
    [MF_UNIT_NOT_NOW] = "the board cannot do it now",
  };

  return status < G_N_ELEMENTS (words) ? words[status] : "the board refuses";
}
