/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-command-check"

#include "config.h"

#include <float.h>
#include <math.h>

#include "model/muster-error.h"
#include "model/muster-number.h"
#include "model/muster-time.h"
#include "muster-command-check.h"

#define TEXT_MAX 2000
#define DIGITS 15 /* of a limit: all that a double keeps of what a person wrote */
#define EXACT_MAX 9007199254740992.0 /* 2^53: beyond it a JSON number may stand for another */

/* Integer datatypes by their limits; a double holds neither end of the 64-bit ones, so those are
 * kept as integers. */
static const struct
{
  MusterDatatype datatype;
  gint64         minimum;
  gint64         maximum;
} integers[] = {
  { MUSTER_DATATYPE_INT8, G_MININT8, G_MAXINT8 },
  { MUSTER_DATATYPE_INT16, G_MININT16, G_MAXINT16 },
  { MUSTER_DATATYPE_INT32, G_MININT32, G_MAXINT32 },
  { MUSTER_DATATYPE_INT64, G_MININT64, G_MAXINT64 },
  { MUSTER_DATATYPE_UINT8, 0, G_MAXUINT8 },
  { MUSTER_DATATYPE_UINT16, 0, G_MAXUINT16 },
  { MUSTER_DATATYPE_UINT32, 0, G_MAXUINT32 },
  { MUSTER_DATATYPE_UINT64, 0, G_MAXINT64 },
};

static gboolean G_GNUC_PRINTF (2, 3) refuse (GError **error, const char *format, ...)
{
  g_autoptr (MusterFieldErrors) errors = muster_field_errors_new ();
  g_autofree char *detail = NULL;
  va_list          args;

  va_start (args, format);
  detail = g_strdup_vprintf (format, args);
  va_end (args);
  muster_field_errors_add (errors, "/value", "%s", detail);
  return muster_field_errors_check (errors, error);
}

/* A whole number, also when it is written as 3.0. */
static gboolean
read_whole (JsonNode *value, gint64 *number)
{
  double real = 0;

  if (json_node_get_value_type (value) == G_TYPE_INT64)
    {
      *number = json_node_get_int (value);
      return TRUE;
    }
  if (json_node_get_value_type (value) != G_TYPE_DOUBLE)
    return FALSE;
  real = json_node_get_double (value);
  if (!isfinite (real) || real != trunc (real) || fabs (real) > EXACT_MAX)
    return FALSE;
  *number = (gint64)real;
  return TRUE;
}

static gboolean
refuse_beyond (GError **error, const char *relation, double limit)
{
  g_autofree char *text = muster_number_format (limit, DIGITS);

  return refuse (error, "must be %s %s", relation, text);
}

static gboolean
check_range (MusterEntity *metric, double number, GError **error)
{
  double minimum = muster_entity_is_null (metric, "minimum")
                     ? -INFINITY
                     : muster_entity_get_double (metric, "minimum");
  double maximum = muster_entity_is_null (metric, "maximum")
                     ? INFINITY
                     : muster_entity_get_double (metric, "maximum");

  if (number < minimum)
    return refuse_beyond (error, "at least", minimum);
  if (number > maximum)
    return refuse_beyond (error, "at most", maximum);
  return TRUE;
}

static gboolean
check_integer (MusterEntity *metric,
               JsonNode     *value,
               unsigned      which,
               MusterSample *sample,
               GError      **error)
{
  if (!read_whole (value, &sample->integer))
    return refuse (error, "must be a whole number");
  if (sample->integer < integers[which].minimum || sample->integer > integers[which].maximum)
    return refuse (error, "must be from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT,
                   integers[which].minimum, integers[which].maximum);
  sample->type = MUSTER_SAMPLE_INTEGER;
  return check_range (metric, (double)sample->integer, error);
}

static gboolean
check_real (MusterEntity *metric,
            JsonNode     *value,
            gboolean      is_single,
            MusterSample *sample,
            GError      **error)
{
  GType type = json_node_get_value_type (value);

  if (type != G_TYPE_INT64 && type != G_TYPE_DOUBLE)
    return refuse (error, "must be a number");
  sample->type = MUSTER_SAMPLE_DOUBLE;
  sample->number = json_node_get_double (value);
  if (type == G_TYPE_INT64)
    sample->number = (double)json_node_get_int (value);
  if (!isfinite (sample->number) || (is_single && fabs (sample->number) > (double)FLT_MAX))
    return refuse (error, "must be a number that fits the metric");
  return check_range (metric, sample->number, error);
}

static gboolean
check_time (JsonNode *value, MusterSample *sample, GError **error)
{
  gint64 usec = 0;

  sample->type = MUSTER_SAMPLE_INTEGER;
  if (json_node_get_value_type (value) == G_TYPE_STRING &&
      muster_time_parse (json_node_get_string (value), &usec))
    sample->integer = usec / 1000;
  else if (!read_whole (value, &sample->integer) || sample->integer < 0)
    return refuse (error, "must be a time, as ISO 8601 or milliseconds since 1970");
  return TRUE;
}

static gboolean
check_by_type (MusterEntity *metric, JsonNode *value, MusterSample *sample, GError **error)
{
  MusterDatatype datatype = muster_entity_get_enum (metric, "datatype");

  for (unsigned i = 0; i < G_N_ELEMENTS (integers); i++)
    if (integers[i].datatype == datatype)
      return check_integer (metric, value, i, sample, error);
  if (datatype == MUSTER_DATATYPE_FLOAT || datatype == MUSTER_DATATYPE_DOUBLE)
    return check_real (metric, value, datatype == MUSTER_DATATYPE_FLOAT, sample, error);
  if (datatype == MUSTER_DATATYPE_DATETIME)
    return check_time (value, sample, error);
  if (datatype == MUSTER_DATATYPE_BOOLEAN)
    {
      if (json_node_get_value_type (value) != G_TYPE_BOOLEAN)
        return refuse (error, "must be true or false");
      sample->type = MUSTER_SAMPLE_BOOLEAN;
      sample->boolean = json_node_get_boolean (value);
      return TRUE;
    }
  if (json_node_get_value_type (value) != G_TYPE_STRING ||
      g_utf8_strlen (json_node_get_string (value), -1) > TEXT_MAX)
    return refuse (error, "must be text of at most %d characters", TEXT_MAX);
  sample->type = MUSTER_SAMPLE_STRING;
  sample->text = json_node_get_string (value);
  return TRUE;
}

gboolean
muster_command_check_value (MusterEntity *metric,
                            JsonNode     *value,
                            MusterSample *sample,
                            GError      **error)
{
  const char *name = NULL;

  g_return_val_if_fail (MUSTER_IS_METRIC (metric), FALSE);
  g_return_val_if_fail (sample != NULL, FALSE);

  name = muster_entity_get_string (metric, "name");
  *sample = (MusterSample){ .metric = name };
  if (!muster_entity_get_boolean (metric, "writable"))
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s takes no commands: it can only be read", name);
      return FALSE;
    }
  if (muster_entity_get_enum (metric, "datatype") == MUSTER_DATATYPE_OTHER)
    {
      g_set_error (error, MUSTER_ERROR, MUSTER_ERROR_CONFLICT,
                   "%s is of a type that cannot be written from here", name);
      return FALSE;
    }
  if (value == NULL || !JSON_NODE_HOLDS_VALUE (value))
    return refuse (error, "must be given: a number, true, false or text");
  return check_by_type (metric, value, sample, error);
}
