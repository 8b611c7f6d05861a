/* SPDX-License-Identifier: GPL-3.0-or-later */
#ifndef MF_METRIC_H
#define MF_METRIC_H

#include "mf_port.h"

/* Datatypes of Sparkplug B that a node may have; the numbers are the specification's. */
enum mf_type
{
  MF_TYPE_INT8 = 1,
  MF_TYPE_INT16 = 2,
  MF_TYPE_INT32 = 3,
  MF_TYPE_INT64 = 4,
  MF_TYPE_UINT8 = 5,
  MF_TYPE_UINT16 = 6,
  MF_TYPE_UINT32 = 7,
  MF_TYPE_UINT64 = 8,
  MF_TYPE_FLOAT = 9,
  MF_TYPE_DOUBLE = 10,
  MF_TYPE_BOOLEAN = 11,
  MF_TYPE_STRING = 12,
  MF_TYPE_DATETIME = 13,
};

/* What comes of looking at a metric. */
enum mf_reading
{
  MF_READING_BAD, /* its sensor does not answer: a null */
  MF_READING_GOOD,
  MF_READING_PENDING, /* it is being measured: ask again */
};

#define MF_FALL_BACK_MOST_S 604800u /* that an output may be told to wait for its host */

#define MF_TEXT_MAX 63u /* bytes of a text that may be written to a metric */

/* What a metric is: constant, one table for all nodes of a kind. */
struct mf_metric_info
{
  const char  *name; /* with / as folders */
  enum mf_type type;
  const char  *unit; /* NULL: none */
  bool         has_range;
  bool         writable;
  bool   keeps; /* samples taken while offline are kept and sent later; numbers and booleans only */
  double low;   /* the range, also of what may be written */
  double high;
  double deadband;    /* a smaller change is no change */
  uint32_t period_ms; /* how often it is read; 0 = at birth and when mf_node_touch() says */
  unsigned channel;   /* of read() and write() of the port */
  /* Of an output, a number or a Boolean: what is safe, and after how many seconds without the host
   * it goes there by itself, until it is configured; 0: it holds what it is. */
  bool     has_safe;
  double   safe;
  uint32_t fall_back_s;
};

/* What a metric is now. */
struct mf_metric
{
  union mf_value value;
  uint64_t       time_ms; /* UTC of the sample */
  uint64_t       due_ms;  /* monotonic: next reading */
  bool           is_null; /* the sensor does not answer */
  bool           dirty;   /* to be published */
  uint32_t       fall_back_s;
  bool           fell_back; /* since the host was there last */
};

/* Whether `value` differs from `old` by the deadband or more. Two NaN are the same. */
bool mf_value_differs (const struct mf_metric_info *info,
                       const union mf_value        *old,
                       const union mf_value        *value);

/* Whether the metric may be set to `value`: within the datatype's and the metric's range; no NaN;
 * text of at most MF_TEXT_MAX bytes. */
bool mf_value_in_range (const struct mf_metric_info *info, const union mf_value *value);

/* The value as a double; 0 for text. And back, of a number that the type holds. */
double         mf_value_number (enum mf_type type, const union mf_value *value);
union mf_value mf_value_from (enum mf_type type, double number);

#endif
