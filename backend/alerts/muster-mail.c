/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-mail"

#include "config.h"

#include <string.h>

#include "muster-mail.h"

/* Bytes of text in one encoded word, so that a line with it has at most 76 characters (RFC 2047
 * §2).
 */
#define WORD_BYTES 36
/* Characters of a line of quoted-printable text before its soft break (RFC 2045 §6.7). */
#define LINE_LENGTH 72

static gboolean
is_plain (const char *text)
{
  for (const char *p = text; *p != '\0'; p++)
    if (*p & 0x80 || g_ascii_iscntrl (*p))
      return FALSE;
  return strlen (text) < 900 && strstr (text, "=?") == NULL;
}

/* TEXT as it may stand in a header line: as it is, or in encoded words. */
static void
append_text (GString *message, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (char *p = valid; *p != '\0'; p++)
    if (g_ascii_iscntrl (*p))
      *p = ' ';
  if (is_plain (valid))
    {
      g_string_append (message, valid);
      return;
    }
  for (const char *p = valid; *p != '\0';)
    {
      const char      *end = p;
      g_autofree char *word = NULL;

      while (*end != '\0' && g_utf8_next_char (end) - p <= WORD_BYTES)
        end = g_utf8_next_char (end);
      word = g_base64_encode ((const guchar *)p, end - p);
      g_string_append_printf (message, "%s=?UTF-8?B?%s?=", p == valid ? "" : "\r\n ", word);
      p = end;
    }
}

static void
append_addresses (GString *message, const char *const *addresses)
{
  for (const char *const *address = addresses; *address != NULL; address++)
    g_string_append_printf (message, "%s<%s>", address == addresses ? "" : ",\r\n ", *address);
}

static void
append_date (GString *message, gint64 at)
{
  static const char *const days[] = { "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun" };
  static const char *const months[] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                        "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
  g_autoptr (GDateTime) utc = g_date_time_new_from_unix_utc_usec (at);

  g_string_append_printf (message, "Date: %s, %02d %s %d %02d:%02d:%02d +0000\r\n",
                          days[g_date_time_get_day_of_week (utc) - 1],
                          g_date_time_get_day_of_month (utc),
                          months[g_date_time_get_month (utc) - 1], g_date_time_get_year (utc),
                          g_date_time_get_hour (utc), g_date_time_get_minute (utc),
                          g_date_time_get_second (utc));
}

/* One line of the body, without its end. */
static void
append_quoted_line (GString *message, const char *line, gsize length)
{
  unsigned column = 0;

  for (gsize i = 0; i < length; i++)
    {
      guchar   c = line[i];
      gboolean plain = (c > ' ' && c < 0x7f && c != '=') || (c == ' ' && i + 1 < length);

      if (column + (plain ? 1 : 3) > LINE_LENGTH)
        {
          g_string_append (message, "=\r\n");
          column = 0;
        }
      if (plain)
        g_string_append_c (message, c);
      else
        g_string_append_printf (message, "=%02X", c);
      column += plain ? 1 : 3;
    }
}

static void
append_body (GString *message, const char *body)
{
  g_autofree char *valid = g_utf8_make_valid (body, -1);
  g_auto (GStrv) lines = g_strsplit (valid, "\n", -1);

  for (char **line = lines; *line != NULL; line++)
    {
      gsize length = strlen (*line);

      if (length > 0 && (*line)[length - 1] == '\r')
        length--;
      append_quoted_line (message, *line, length);
      g_string_append (message, "\r\n");
    }
}

char *
muster_mail_compose (const MusterMail *mail)
{
  GString    *message = g_string_new ("From: ");
  const char *at = strchr (mail->from, '@');

  if (mail->from_name != NULL)
    {
      /* A name in encoded words may hold anything, one in quotes not. */
      if (is_plain (mail->from_name) && strpbrk (mail->from_name, "\"\\") == NULL)
        g_string_append_printf (message, "\"%s\" ", mail->from_name);
      else
        {
          append_text (message, mail->from_name);
          g_string_append (message, "\r\n ");
        }
    }
  g_string_append_printf (message, "<%s>\r\nTo: ", mail->from);
  append_addresses (message, mail->to);
  g_string_append (message, "\r\nSubject: ");
  append_text (message, mail->subject);
  g_string_append (message, "\r\n");
  append_date (message, mail->at);
  g_string_append_printf (message, "Message-ID: <%s@%s>\r\n", mail->id,
                          at != NULL && at[1] != '\0' ? at + 1 : "muster.invalid");
  /* RFC 3834: so that nobody's out-of-office answers. */
  g_string_append (message, "Auto-Submitted: auto-generated\r\n");
  if (mail->is_urgent)
    g_string_append (message, "Importance: high\r\nX-Priority: 1\r\n");
  g_string_append (message, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                            "Content-Transfer-Encoding: quoted-printable\r\n\r\n");
  append_body (message, mail->body);
  return g_string_free_and_steal (message);
}
