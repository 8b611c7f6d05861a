/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "mf_metric.h"

double
mf_value_number (enum mf_type type, const union mf_value *value)
{
  switch (type)
    {
    case MF_TYPE_INT8:
    case MF_TYPE_INT16:
    case MF_TYPE_INT32:
    case MF_TYPE_INT64:
      return (double)value->i;
    case MF_TYPE_UINT8:
    case MF_TYPE_UINT16:
    case MF_TYPE_UINT32:
    case MF_TYPE_UINT64:
    case MF_TYPE_DATETIME:
      return (double)value->u;
    case MF_TYPE_FLOAT:
      return (double)value->f;
    case MF_TYPE_DOUBLE:
      return value->d;
    case MF_TYPE_BOOLEAN:
      return value->b ? 1 : 0;
    case MF_TYPE_STRING:
    default:
      return 0;
    }
}

union mf_value
mf_value_from (enum mf_type type, double number)
{
  union mf_value value;

  memset (&value, 0, sizeof value);
  if (type == MF_TYPE_BOOLEAN)
    value.b = number > 0;
  else if (type == MF_TYPE_FLOAT)
    value.f = (float)number;
  else if (type == MF_TYPE_DOUBLE)
    value.d = number;
  else if (type <= MF_TYPE_INT64)
    value.i = (int64_t)number;
  else
    value.u = (uint64_t)number;
  return value;
}

bool
mf_value_differs (const struct mf_metric_info *info,
                  const union mf_value        *old,
                  const union mf_value        *value)
{
  double a, b;

  if (info->type == MF_TYPE_STRING)
    return old->s == NULL || strcmp (old->s, value->s) != 0;
  if (info->type == MF_TYPE_INT64)
    return old->i != value->i;
  if (info->type == MF_TYPE_UINT64 || info->type == MF_TYPE_DATETIME)
    return old->u != value->u;
  a = mf_value_number (info->type, old);
  b = mf_value_number (info->type, value);
  if (a != a || b != b)
    return (a != a) != (b != b);
  if (info->deadband > 0)
    return (a > b ? a - b : b - a) >= info->deadband;
  return a < b || a > b;
}

static bool
signed_fits (const union mf_value *value, unsigned bits)
{
  int64_t limit = (int64_t)1 << (bits - 1);

  return value->i >= -limit && value->i < limit;
}

bool
mf_value_in_range (const struct mf_metric_info *info, const union mf_value *value)
{
  double number = mf_value_number (info->type, value);
  bool   fits = true;

  switch (info->type)
    {
    case MF_TYPE_INT8:
      fits = signed_fits (value, 8);
      break;
    case MF_TYPE_INT16:
      fits = signed_fits (value, 16);
      break;
    case MF_TYPE_INT32:
      fits = signed_fits (value, 32);
      break;
    case MF_TYPE_UINT8:
      fits = value->u <= UINT8_MAX;
      break;
    case MF_TYPE_UINT16:
      fits = value->u <= UINT16_MAX;
      break;
    case MF_TYPE_UINT32:
      fits = value->u <= UINT32_MAX;
      break;
    case MF_TYPE_STRING:
      return strlen (value->s) <= MF_TEXT_MAX;
    case MF_TYPE_FLOAT:
    case MF_TYPE_DOUBLE:
      fits = number - number == 0; /* neither NaN nor infinite */
      break;
    case MF_TYPE_INT64:
    case MF_TYPE_UINT64:
    case MF_TYPE_BOOLEAN:
    case MF_TYPE_DATETIME:
    default:
      break;
    }
  return fits && (!info->has_range || (number >= info->low && number <= info->high));
}
