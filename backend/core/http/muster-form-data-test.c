/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>
#include <string.h>

#include "core/muster-core-test-util.h"
#include "model/muster-error.h"
#include "muster-form-data.h"

/* tests/fuzz/fuzz-form-data.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 1000
#define TYPE "multipart/form-data; boundary=b"
#define NAME(name) "Content-Disposition: form-data; name=\"" name "\"\r\n\r\n"

static gboolean
note_begin (const MusterFormPart *part, gpointer log, GError **error)
{
  g_string_append_printf (log, "<%s|%s|%s>", part->name,
                          part->file_name != NULL ? part->file_name : "", part->media_type);
  return TRUE;
}

static gboolean
note_data (const char *data, gsize length, gpointer log, GError **error)
{
  g_string_append_len (log, data, length);
  return TRUE;
}

static gboolean
note_end (gpointer log, GError **error)
{
  g_string_append (log, "</>");
  return TRUE;
}

static const MusterFormFuncs funcs = { note_begin, note_data, note_end };

/* What BODY says; NULL with ERROR. */
static char *
read_form (const char *type, const char *body, GError **error)
{
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (MusterFormReader) reader = muster_form_reader_new (type, &funcs, log, error);

  if (reader == NULL || !muster_form_reader_feed (reader, body, strlen (body), error) ||
      !muster_form_reader_finish (reader, error))
    return NULL;
  return g_string_free_and_steal (g_steal_pointer (&log));
}

static const struct
{
  const char *body;
  const char *says; /* NULL: it is malformed */
} cases[] = {
  { "--b\r\n" NAME ("a") "1\r\n--b--", "<a||text/plain>1</>" },
  { "--b\r\n" NAME ("a") "1\r\n--b\r\n" NAME ("b") "2\r\n--b--\r\n",
    "<a||text/plain>1</><b||text/plain>2</>" },
  /* What stands around it does not count. */
  { "hello\r\n--bb\r\n--b \t\r\n" NAME ("a") "1\r\n--b--bye\r\n--b\r\n", NULL },
  { "hello\r\n--b \t\r\n" NAME ("a") "1\r\n--b--bye\r\n--b\r\n", "<a||text/plain>1</>" },
  /* Nothing, and what is nearly a boundary. */
  { "--b\r\n" NAME ("a") "\r\n--b--", "<a||text/plain></>" },
  { "--b\r\n" NAME ("a") "\r\n\r\n-\r\n--\r\n-b\r\n--b--",
    "<a||text/plain>\r\n\r\n-\r\n--\r\n-b</>" },
  { "--b\r\n" NAME ("a") "--b\r\n--b--", "<a||text/plain>--b</>" },
  /* Heads as clients write them. */
  { "--b\r\ncontent-disposition: FORM-DATA; name=file; filename=\"a \\\"b\\\".swu\"\r\n"
    "Content-Type: application/octet-stream\r\nX-Other: y\r\n\r\n\1\r\n--b--",
    "<file|a \"b\".swu|application/octet-stream>\1</>" },
  { "--b\r\nContent-Disposition: form-data; name=\"f\"; filename*=UTF-8''%C3%BC.bin\r\n\r\n1\r\n--b--",
    "<f|\xc3\xbc.bin|text/plain>1</>" },
  { "--b\r\nContent-Disposition: form-data; name=\"\xff\"\r\n\r\n1\r\n--b--",
    "<\xef\xbf\xbd||text/plain>1</>" },
  { "--b--", "" },
  { "", NULL },
  { "--b", NULL },
  { "--b\r\n", NULL },
  { "--b\r\n" NAME ("a") "1", NULL },
  { "--b\r\n" NAME ("a") "1\r\n--b", NULL },
  { "--b\r\n\r\n1\r\n--b--", NULL },
  { "--b\r\nContent-Disposition: attachment; name=\"a\"\r\n\r\n1\r\n--b--", NULL },
  { "--b\r\nContent-Disposition: form-data\r\n\r\n1\r\n--b--", NULL },
  { "--bx\r\n" NAME ("a") "1\r\n--b--", NULL },
};

static void
test_bodies (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autofree char *says = read_form (TYPE, cases[i].body, &error);

      g_test_message ("case %u", i);
      g_assert_cmpstr (says, ==, cases[i].says);
      if (says == NULL)
        g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
    }
}

static void
test_types (void)
{
  static const char long_boundary[] =
    "multipart/form-data; boundary=0123456789012345678901234567890123456789012345678901234567890123456789x";
  static const char *const fine[] = { "Multipart/Form-Data ; x=y; boundary=\"b\"", TYPE };
  static const char *const malformed[] = { "multipart/form-data", "multipart/form-data; boundary=",
                                           "multipart/form-data; x=y", long_boundary };
  static const char *const other[] = { "application/json", "multipart/mixed; boundary=b", "" };

  for (guint i = 0; i < G_N_ELEMENTS (fine); i++)
    {
      g_autofree char *says = read_form (fine[i], cases[0].body, NULL);

      g_assert_cmpstr (says, ==, cases[0].says);
    }
  for (guint i = 0; i < G_N_ELEMENTS (malformed); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_form (malformed[i], "", &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
    }
  for (guint i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_autoptr (GError) error = NULL;

      g_assert_null (read_form (other[i], "", &error));
      g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_UNSUPPORTED);
    }
}

static void
test_limits (void)
{
  g_autoptr (GString) parts = g_string_new (NULL), head = g_string_new ("--b\r\nX: ");
  g_autoptr (GError) many = NULL, large = NULL;
  g_autofree char *says = NULL;

  for (unsigned i = 0; i < MUSTER_FORM_MAX_PARTS; i++)
    g_string_append (parts, "--b\r\n" NAME ("a") "1\r\n");
  says = read_form (TYPE, parts->str, NULL);
  g_assert_null (says);
  g_string_append (parts, "--b--");
  says = read_form (TYPE, parts->str, NULL);
  g_assert_nonnull (says);
  g_string_insert (parts, 0, "--b\r\n" NAME ("a") "1\r\n");
  g_assert_null (read_form (TYPE, parts->str, &many));
  g_assert_error (many, MUSTER_ERROR, MUSTER_ERROR_MALFORMED);
  for (unsigned i = 0; i <= MUSTER_FORM_MAX_HEAD; i++)
    g_string_append_c (head, 'x');
  g_assert_null (read_form (TYPE, head->str, &large));
  g_assert_nonnull (strstr (large->message, "larger"));
}

static gboolean
stop_data (const char *data, gsize length, gpointer log, GError **error)
{
  g_set_error_literal (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL, "full");
  return FALSE;
}

static void
test_stop (void)
{
  static const MusterFormFuncs stop = { note_begin, stop_data, NULL };
  g_autoptr (GString) log = g_string_new (NULL);
  g_autoptr (MusterFormReader) reader = muster_form_reader_new (TYPE, &stop, log, NULL);
  g_autoptr (GError) error = NULL;

  g_assert_false (muster_form_reader_feed (reader, cases[0].body, strlen (cases[0].body), &error));
  g_assert_error (error, MUSTER_ERROR, MUSTER_ERROR_STORAGE_FULL);
}

static void
run (const char *data, gsize length)
{
  g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)data, length), ==, 0);
}

static void
test_mutations (void)
{
  for (unsigned round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GString) text = g_string_new (cases[round % G_N_ELEMENTS (cases)].body);

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
  g_test_add_func ("/form-data/bodies", test_bodies);
  g_test_add_func ("/form-data/types", test_types);
  g_test_add_func ("/form-data/limits", test_limits);
  g_test_add_func ("/form-data/stop", test_stop);
  g_test_add_func ("/form-data/mutations", test_mutations);
  return g_test_run ();
}
