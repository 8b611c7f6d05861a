/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-sparkplug-test-util"

#include "config.h"

#include <gio/gio.h>
#include <string.h>

#include "muster-sparkplug-test-util.h"

static void
set_value (MusterSparkplugPayload *payload, MusterSparkplugMetric *metric, const char *value)
{
  MusterSample sample = { .type = MUSTER_SAMPLE_DOUBLE };

  metric->datatype = MUSTER_SPARKPLUG_DOUBLE;
  if (g_str_equal (value, "null"))
    sample.type = MUSTER_SAMPLE_NULL;
  else if (g_str_equal (value, "true") || g_str_equal (value, "false"))
    {
      metric->datatype = MUSTER_SPARKPLUG_BOOLEAN;
      sample.type = MUSTER_SAMPLE_BOOLEAN;
      sample.boolean = *value == 't';
    }
  else if (*value == '\'')
    {
      metric->datatype = MUSTER_SPARKPLUG_STRING;
      sample.type = MUSTER_SAMPLE_STRING;
      sample.text = value + 1;
    }
  else if (g_str_has_suffix (value, "i"))
    {
      metric->datatype = MUSTER_SPARKPLUG_INT32;
      sample.type = MUSTER_SAMPLE_INTEGER;
      sample.integer = g_ascii_strtoll (value, NULL, 10);
    }
  else
    sample.number = g_ascii_strtod (value, NULL);
  g_assert_true (muster_sparkplug_metric_set (payload, metric, &sample, NULL));
}

static void
add_metric (MusterSparkplugPayload *payload, char *text)
{
  char                  *flags = strchr (text, '!');
  char                  *value = strchr (text, '=');
  char                  *alias = strchr (text, ':');
  MusterSparkplugMetric *metric;

  if (flags != NULL)
    *flags++ = '\0';
  *value++ = '\0';
  if (alias != NULL)
    *alias++ = '\0';
  metric =
    muster_sparkplug_payload_add (payload, *text != '\0' ? text : NULL, MUSTER_SPARKPLUG_UNKNOWN);
  metric->has_alias = alias != NULL;
  metric->alias = alias != NULL ? g_ascii_strtoull (alias, NULL, 10) : 0;
  set_value (payload, metric, value);
  if (metric->name == NULL)
    metric->datatype = MUSTER_SPARKPLUG_UNKNOWN;
  if (flags == NULL)
    return;
  metric->flags |= strchr (flags, 'h') ? MUSTER_SAMPLE_HISTORICAL : 0;
  metric->flags |= strchr (flags, 't') ? MUSTER_SAMPLE_TRANSIENT : 0;
  metric->flags |= strchr (flags, 'b') ? MUSTER_SAMPLE_BAD : 0;
  metric->has_read_only = metric->read_only = strchr (flags, 'r') != NULL;
}

GBytes *
muster_sparkplug_test_payload (int seq, int bd_seq, gint64 time, const char *spec)
{
  g_autoptr (MusterSparkplugPayload) payload = muster_sparkplug_payload_new ();
  g_auto (GStrv) metrics = g_strsplit (spec ? spec : "", " ", -1);

  payload->seq = seq;
  payload->time = time;
  if (bd_seq >= 0)
    {
      MusterSparkplugMetric *metric =
        muster_sparkplug_payload_add (payload, "bdSeq", MUSTER_SPARKPLUG_INT64);

      metric->is_null = FALSE;
      metric->wire = MUSTER_SPARKPLUG_WIRE_LONG;
      metric->bits = bd_seq;
    }
  for (unsigned i = 0; metrics[i] != NULL; i++)
    if (*metrics[i] != '\0')
      add_metric (payload, metrics[i]);
  return muster_sparkplug_payload_encode (payload);
}

static void
start_line (MusterSparkplugRecorder *self, const char *word, const MusterSparkplugSource *source)
{
  g_string_append_printf (self->text, "%s%s", self->text->len > 0 ? "; " : "", word);
  if (source != NULL)
    g_string_append_printf (self->text, " %s/%s%s%s", source->group, source->node,
                            source->device ? "/" : "", source->device ? source->device : "");
}

static void
recorder_birth_cb (const MusterSparkplugSource     *source,
                   const MusterSparkplugMetricInfo *metrics,
                   unsigned                         n_metrics,
                   gint64                           time,
                   gboolean                         rebirth,
                   gpointer                         user_data)
{
  MusterSparkplugRecorder *self = user_data;

  start_line (self, rebirth ? "rebirth" : "birth", source);
  for (unsigned i = 0; i < n_metrics; i++)
    g_string_append_printf (self->text, "%c%s", i > 0 ? ',' : ' ', metrics[i].name);
}

static void
recorder_data_cb (const MusterSparkplugSource *source,
                  const MusterSample          *samples,
                  unsigned                     n_samples,
                  gpointer                     user_data)
{
  MusterSparkplugRecorder *self = user_data;

  start_line (self, "data", source);
  for (unsigned i = 0; i < n_samples; i++)
    {
      g_string_append_printf (self->text, " %s=", samples[i].metric);
      muster_sample_encode_value (&samples[i], self->text);
      if (samples[i].flags != 0)
        g_string_append_printf (self->text, "!%d", samples[i].flags);
    }
}

static void
recorder_death_cb (const MusterSparkplugSource *source,
                   MusterSparkplugDeath         why,
                   gint64                       time,
                   gpointer                     user_data)
{
  static const char *const reasons[] = { "node", "device", "not-reborn", "disconnected" };

  start_line (user_data, "death", source);
  g_string_append_printf (((MusterSparkplugRecorder *)user_data)->text, " %s", reasons[why]);
}

static void
recorder_wanted_cb (const MusterSparkplugSource *source, const char *why, gpointer user_data)
{
  start_line (user_data, "wanted", source);
}

static void
recorder_connection_cb (gboolean connected, gpointer user_data)
{
  start_line (user_data, connected ? "connection 1" : "connection 0", NULL);
}

const MusterSparkplugListener muster_sparkplug_recorder_listener = {
  recorder_birth_cb,  recorder_data_cb,       recorder_death_cb,
  recorder_wanted_cb, recorder_connection_cb,
};

void
muster_sparkplug_recorder_init (MusterSparkplugRecorder *self)
{
  self->text = g_string_new (NULL);
}

void
muster_sparkplug_recorder_clear (MusterSparkplugRecorder *self)
{
  if (self->text != NULL)
    g_string_free (g_steal_pointer (&self->text), TRUE);
}

void
muster_sparkplug_recorder_assert (MusterSparkplugRecorder *self, const char *expected)
{
  g_assert_cmpstr (self->text->str, ==, expected);
  g_string_set_size (self->text, 0);
}

GBytes *
muster_sparkplug_test_protoc (const char *mode, GBytes *input)
{
  const char      *protoc = g_getenv ("MUSTER_TEST_PROTOC");
  const char      *proto = g_getenv ("MUSTER_TEST_SPARKPLUG_PROTO");
  g_autofree char *directory = proto ? g_path_get_dirname (proto) : NULL;
  g_autofree char *path_arg = g_strconcat ("--proto_path=", directory, NULL);
  g_autofree char *mode_arg = g_strconcat (mode, "=org.eclipse.tahu.protobuf.Payload", NULL);
  g_autoptr (GSubprocess) process = NULL;
  g_autoptr (GError) error = NULL;
  GBytes *output = NULL;

  if (protoc == NULL || proto == NULL)
    return NULL;
  process = g_subprocess_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE,
                              &error, protoc, path_arg, mode_arg, proto, NULL);
  g_assert_no_error (error);
  g_subprocess_communicate (process, input, NULL, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return output;
}

GBytes *
muster_sparkplug_test_encode_text (const char *text)
{
  g_autoptr (GBytes) input = g_bytes_new_static (text, strlen (text));

  return muster_sparkplug_test_protoc ("--encode", input);
}
