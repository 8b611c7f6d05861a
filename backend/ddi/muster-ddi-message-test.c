/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "core/muster-time-window.h"
#include "model/muster-error.h"
#include "muster-ddi-message.h"

/* tests/fuzz/fuzz-ddi.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 1000

static const struct
{
  const char *body;
  gboolean    is_fine;
  int         execution;
  int         finished;
  int         progress;
  const char *messages; /* joined by "|" */
} cases[] = {
  /* SWUpdate 2024.12, word for word. */
  { "{\"id\":4,\"time\":\"20261120T211101\",\"status\":{\"result\":{\"progress\":{\"cnt\":0,\"of\":1},"
    "\"finished\":\"none\"},\"execution\":\"proceeding\",\"details\":[\"Installing Update Chunk Artifacts.\"]}}",
    TRUE, MUSTER_DDI_PROCEEDING, MUSTER_DDI_NONE, 0, "Installing Update Chunk Artifacts." },
  { "{\"id\":4,\"time\":\"x\",\"status\":{\"result\":{\"progress\":{\"cnt\":0,\"of\":0},\"finished\":\"success\"},"
    "\"execution\":\"closed\",\"details\":[\"Update Installed.\"]}}",
    TRUE, MUSTER_DDI_CLOSED, MUSTER_DDI_SUCCESS, -1, "Update Installed." },
  /* rauc-hawkbit-updater */
  { "{\"id\":\"4\",\"status\":{\"result\":{\"finished\":\"failure\"},\"execution\":\"closed\",\"details\":[\"no\"]}}",
    TRUE, MUSTER_DDI_CLOSED, MUSTER_DDI_FAILURE, -1, "no" },
  /* Others leave out what may be left out, or put in what nobody asked for. */
  { "{\"status\":{\"execution\":\"downloaded\",\"result\":{\"finished\":\"none\",\"progress\":{\"cnt\":7,\"of\":3}}}}",
    TRUE, MUSTER_DDI_DOWNLOADED, MUSTER_DDI_NONE, 100, "" },
  { "{\"status\":{\"execution\":\"download\",\"result\":{\"finished\":\"none\",\"progress\":{\"cnt\":1,\"of\":3}},"
    "\"details\":[1,null,{},\"\",\"a\"],\"code\":\"x\"},\"more\":[]}",
    TRUE, MUSTER_DDI_DOWNLOAD, MUSTER_DDI_NONE, 33, "a" },
  { "{\"status\":{\"execution\":\"resumed\",\"result\":{\"finished\":\"none\",\"progress\":{\"cnt\":-1,\"of\":3}},"
    "\"details\":\"text\"}}",
    TRUE, MUSTER_DDI_RESUMED, MUSTER_DDI_NONE, -1, "" },
  /* Raw control characters and bytes of another character set. */
  { "{\"status\":{\"result\":{\"finished\":\"none\"},\"execution\":\"proceeding\",\"details\":[\"\x1b[1mred\x01 \xfc \\\\\"]}}",
    TRUE, MUSTER_DDI_PROCEEDING, MUSTER_DDI_NONE, -1, "?[1mred? \xef\xbf\xbd \\" },
  /* Quotes that are not escaped. */
  { "{\"id\":4,\"status\":{\"result\":{\"finished\":\"failure\"},\"execution\":\"closed\",\"details\":[\"file \"x\" missing\"]}}",
    TRUE, MUSTER_DDI_CLOSED, MUSTER_DDI_FAILURE, -1, "\"details\":[\"file \"x\" missing\"]}}" },
  /* Cut off. */
  { "{\"id\":4,\"status\":{\"result\":{\"finished\":\"failure\"},\"execution\":\"closed\",\"det",
    TRUE, MUSTER_DDI_CLOSED, MUSTER_DDI_FAILURE, -1, "" },
  { "", FALSE },
  { "[]", FALSE },
  { "{}", FALSE },
  { "{\"status\":[]}", FALSE },
  { "{\"status\":{\"execution\":\"closed\"}}", FALSE },
  { "{\"status\":{\"execution\":\"closed\",\"result\":{\"finished\":1}}}", FALSE },
  { "{\"status\":{\"execution\":\"done\",\"result\":{\"finished\":\"none\"}}}", FALSE },
  { "{\"details\":\"execution\":\"closed\",\"finished\":\"success\"", FALSE },
};

static void
test_feedback (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (cases[i].body, strlen (cases[i].body));
      g_auto (MusterDdiFeedback) feedback = { 0 };
      g_autoptr (GError) error = NULL;
      g_autofree char *messages = NULL;

      g_test_message ("case %u", i);
      g_assert_cmpint (muster_ddi_feedback_parse (&feedback, body, &error), ==, cases[i].is_fine);
      if (!cases[i].is_fine)
        {
          g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
          continue;
        }
      g_assert_no_error (error);
      messages = g_strjoinv ("|", feedback.messages);
      g_assert_cmpint (feedback.execution, ==, cases[i].execution);
      g_assert_cmpint (feedback.finished, ==, cases[i].finished);
      g_assert_cmpint (feedback.progress, ==, cases[i].progress);
      g_assert_cmpstr (messages, ==, cases[i].messages);
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) text = g_string_new (
    "{\"status\":{\"execution\":\"closed\",\"code\":-7,\"result\":{\"finished\":\"none\"},"
    "\"details\":[\"");
  g_autoptr (GBytes) body = NULL;
  g_auto (MusterDdiFeedback) feedback = { 0 };

  for (unsigned i = 0; i < 300; i++)
    g_string_append (text, "x\xc3\xbc");
  g_string_append (text, "\"");
  for (unsigned i = 0; i < 100; i++)
    g_string_append (text, ",\"m\"");
  g_string_append (text, "]}}");
  body = g_bytes_new (text->str, text->len);
  g_assert_true (muster_ddi_feedback_parse (&feedback, body, NULL));
  g_assert_true (feedback.has_code);
  g_assert_cmpint (feedback.code, ==, -7);
  g_assert_cmpuint (g_strv_length (feedback.messages), ==, MUSTER_DDI_MAX_MESSAGES);
  g_assert_cmpuint (strlen (feedback.messages[0]), <=, MUSTER_DDI_MAX_MESSAGE);
  g_assert_cmpuint (strlen (feedback.messages[0]), >, MUSTER_DDI_MAX_MESSAGE - 4);
  g_assert_true (g_utf8_validate (feedback.messages[0], -1, NULL));
}

static void
test_consent (void)
{
  static const struct
  {
    const char *body;
    int         given; /* -1: refused */
  } consents[] = {
    { "{\"confirmation\":\"confirmed\",\"code\":1,\"details\":[\"yes\"]}", 1 },
    { "{\"confirmation\":\"denied\"}", 0 },
    { "{\"confirmation\":\"perhaps\"}", -1 },
    { "{\"confirmation\":true}", -1 },
    { "{}", -1 },
    { "x", -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (consents); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (consents[i].body, strlen (consents[i].body));
      g_auto (GStrv) messages = NULL;
      gboolean is_given = FALSE;
      gboolean is_fine = muster_ddi_consent_parse (body, &is_given, &messages, NULL);

      g_assert_cmpint (is_fine, ==, consents[i].given >= 0);
      if (is_fine)
        g_assert_cmpint (is_given, ==, consents[i].given);
    }
}

static void
test_attributes (void)
{
  static const struct
  {
    const char *before;
    const char *body;
    const char *after; /* NULL: refused */
  } sets[] = {
    { NULL, "{\"data\":{\"a\":\"1\"}}", "{\"a\":\"1\"}" },
    { "{\"a\":\"1\",\"b\":\"2\"}",
      "{\"mode\":\"merge\",\"data\":{\"b\":\"3\",\"c\":\"4\",\"a\":null}}",
      "{\"b\":\"3\",\"c\":\"4\"}" },
    { "{\"a\":\"1\"}",
      "{\"mode\":\"replace\",\"data\":{\"b\":\"2\",\"c\":null},\"id\":\"\",\"time\":7}",
      "{\"b\":\"2\"}" },
    { "{\"a\":\"1\",\"b\":\"2\"}", "{\"mode\":\"remove\",\"data\":{\"a\":\"x\",\"z\":null}}",
      "{\"b\":\"2\"}" },
    { "{\"a\":\"1\"}", "{\"data\":{}}", "{\"a\":\"1\"}" },
    { NULL, "{\"mode\":\"other\",\"data\":{}}", NULL },
    { NULL, "{\"mode\":1,\"data\":{}}", NULL },
    { NULL, "{\"data\":[]}", NULL },
    { NULL, "{}", NULL },
    { NULL, "{\"data\":{\"a\":1}}", NULL },
    { NULL, "{\"data\":{\"\":\"1\"}}", NULL },
    { NULL, "x", NULL },
  };
  g_autoptr (GString) many = g_string_new ("{\"data\":{");

  for (guint i = 0; i < G_N_ELEMENTS (sets); i++)
    {
      g_autoptr (GBytes) body = g_bytes_new_static (sets[i].body, strlen (sets[i].body));
      g_autofree char *after = muster_ddi_attributes_apply (sets[i].before, body, NULL);

      g_test_message ("case %u", i);
      g_assert_cmpstr (after, ==, sets[i].after);
    }
  for (unsigned i = 0; i <= MUSTER_DDI_MAX_ATTRIBUTES; i++)
    {
      g_autoptr (GBytes) body = NULL;
      g_autofree char *after = NULL;
      gsize            length = many->len;

      g_string_append (many, "}}");
      body = g_bytes_new (many->str, many->len);
      after = muster_ddi_attributes_apply (NULL, body, NULL);
      g_assert_nonnull (after);
      g_string_truncate (many, length);
      g_string_append_printf (many, "%s\"k%u\":\"v\"", i > 0 ? "," : "", i);
    }
  g_string_append (many, "}}");
  {
    g_autoptr (GBytes) body = g_bytes_new (many->str, many->len);

    g_assert_null (muster_ddi_attributes_apply (NULL, body, NULL));
  }
}

static void
test_sleep (void)
{
  static const struct
  {
    const char *text;
    gint64      seconds;
  } times[] = {
    { "00:00:01", 1 },  { "00:05:00", 300 }, { "23:59:59", 86399 }, { "24:00:00", -1 },
    { "00:60:00", -1 }, { "00:00:60", -1 },  { "0:00:01", -1 },     { "00:00:1x", -1 },
    { "", -1 },         { "00-00-01", -1 },  { "000:0:01", -1 },
  };
  char buffer[9];

  for (guint i = 0; i < G_N_ELEMENTS (times); i++)
    {
      g_assert_cmpint (muster_time_window_parse_span (times[i].text), ==, times[i].seconds);
      if (times[i].seconds < 0)
        continue;
      muster_ddi_format_sleep (times[i].seconds, buffer);
      g_assert_cmpstr (buffer, ==, times[i].text);
    }
  muster_ddi_format_sleep (1000000, buffer);
  g_assert_cmpstr (buffer, ==, "23:59:59");
  g_assert_cmpint (muster_time_window_parse_span (NULL), ==, -1);
}

static void
run (const char *data, gsize length)
{
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)data, length), ==, 0);
}

static void
test_mutations (void)
{
  static const char *const others[] = {
    "{\"mode\":\"merge\",\"data\":{\"b\":\"3\",\"c\":null}}",
    "{\"confirmation\":\"denied\",\"details\":[\"\\u0001\"]}",
  };

  for (unsigned round = 0; round < ROUNDS; round++)
    {
      unsigned    n = round % (G_N_ELEMENTS (cases) + G_N_ELEMENTS (others));
      const char *seed =
        n < G_N_ELEMENTS (cases) ? cases[n].body : others[n - G_N_ELEMENTS (cases)];
      g_autoptr (GString) text = g_string_new (seed);

      run (text->str, text->len);
      for (int i = g_test_rand_int_range (1, 6); i > 0; i--)
        muster_test_mutate (text);
      run (text->str, text->len);
    }
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ddi-message/feedback", test_feedback);
  g_test_add_func ("/ddi-message/limits", test_limits);
  g_test_add_func ("/ddi-message/consent", test_consent);
  g_test_add_func ("/ddi-message/attributes", test_attributes);
  g_test_add_func ("/ddi-message/sleep", test_sleep);
  g_test_add_func ("/ddi-message/mutations", test_mutations);
  return g_test_run ();
}
