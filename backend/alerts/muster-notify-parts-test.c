/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <string.h>

#include "core/muster-core-test-util.h"
#include "muster-json-ids.h"
#include "muster-mail.h"
#include "muster-notify-backoff.h"
#include "muster-notify-rate.h"
#include "muster-webhook-signature.h"

/* --- trying again --- */

static void
test_backoff (void)
{
  static const gint64 seconds[] = { 5, 10, 20, 40, 80, 160, 320, 600, 600 };
  gint64              total = 0;

  for (unsigned i = 0; i < G_N_ELEMENTS (seconds); i++)
    {
      gint64 middle = seconds[i] * G_USEC_PER_SEC;

      g_assert_cmpint (muster_notify_backoff (i + 1, 0, 0.5), ==, middle);
      g_assert_cmpint (muster_notify_backoff (i + 1, 0, 0), ==, middle * 8 / 10);
      g_assert_cmpint (muster_notify_backoff (i + 1, 0, 1), ==, middle * 12 / 10);
    }
  /* what the other side asks for, as far as it is believed */
  g_assert_cmpint (muster_notify_backoff (1, 90, 0.5), ==, 90 * (gint64)G_USEC_PER_SEC);
  g_assert_cmpint (muster_notify_backoff (9, 1, 0.5), ==, 600 * (gint64)G_USEC_PER_SEC);
  g_assert_cmpint (muster_notify_backoff (1, 1000000, 0.5), ==, 3600 * (gint64)G_USEC_PER_SEC);
  g_assert_cmpint (muster_notify_backoff (1000, 0, 0.5), ==, MUSTER_NOTIFY_MAX_DELAY);
  for (int i = 1; i < MUSTER_NOTIFY_MAX_ATTEMPTS; i++)
    total += muster_notify_backoff (i, 0, 0.5);
  g_assert_cmpint (total / (3600 * (gint64)G_USEC_PER_SEC), ==, 23);
}

/* --- storms --- */

static void
test_rate (void)
{
  MusterNotifyRate *rate = muster_notify_rate_new ();
  gint64            now = 1000 * (gint64)G_USEC_PER_SEC, until = 0;

  for (int i = 0; i < 9; i++, now += G_USEC_PER_SEC)
    {
      g_assert_cmpint (muster_notify_rate_choose (rate, 1, 10, now, &until), ==,
                       MUSTER_NOTIFY_SINGLE);
      muster_notify_rate_add (rate, now);
    }
  g_assert_cmpint (muster_notify_rate_choose (rate, 1, 10, now, &until), ==, MUSTER_NOTIFY_SINGLE);
  g_assert_cmpint (muster_notify_rate_choose (rate, 2, 10, now, &until), ==, MUSTER_NOTIFY_DIGEST);
  muster_notify_rate_add (rate, now);
  g_assert_cmpint (muster_notify_rate_choose (rate, 1, 10, now, &until), ==, MUSTER_NOTIFY_WAIT);
  g_assert_cmpint (until, ==, 1060 * (gint64)G_USEC_PER_SEC);
  g_assert_cmpint (muster_notify_rate_choose (rate, 2, 10, until, &until), ==,
                   MUSTER_NOTIFY_DIGEST);
  /* an hour later it has forgotten all of it */
  now += 3600 * (gint64)G_USEC_PER_SEC;
  g_assert_cmpint (muster_notify_rate_choose (rate, 10, 10, now, &until), ==, MUSTER_NOTIFY_SINGLE);
  g_assert_cmpint (muster_notify_rate_choose (rate, 500, 10, now, &until), ==,
                   MUSTER_NOTIFY_DIGEST);
  muster_notify_rate_free (rate);
}

/* However they come, no minute has more than the limit, and nothing waits longer than a minute. */
static void
test_rate_storm (void)
{
  MusterNotifyRate *rate = muster_notify_rate_new ();
  g_autoptr (GArray) sent = g_array_new (FALSE, FALSE, sizeof (gint64));
  unsigned n_waiting = 0, n_told = 0;

  for (gint64 now = 0; now < 600 * (gint64)G_USEC_PER_SEC; now += G_USEC_PER_SEC / 5)
    {
      gint64 until;

      n_waiting += now < 300 * (gint64)G_USEC_PER_SEC ? g_test_rand_int_range (0, 3) : 0;
      while (n_waiting > 0)
        {
          MusterNotifyChoice choice = muster_notify_rate_choose (rate, n_waiting, 5, now, &until);
          unsigned           n = choice == MUSTER_NOTIFY_DIGEST ? n_waiting : 1;

          if (choice == MUSTER_NOTIFY_WAIT)
            break;
          muster_notify_rate_add (rate, now);
          g_array_append_val (sent, now);
          n_waiting -= n;
          n_told += n;
        }
    }
  g_assert_cmpuint (n_waiting, ==, 0);
  g_assert_cmpuint (n_told, >, 1000);
  g_assert_cmpuint (sent->len, <=, 35);
  for (guint i = 5; i < sent->len; i++)
    g_assert_cmpint (g_array_index (sent, gint64, i) - g_array_index (sent, gint64, i - 5), >=,
                     60 * (gint64)G_USEC_PER_SEC);
  muster_notify_rate_free (rate);
}

/* --- signatures --- */

static void
test_signature (void)
{
  /* made by the reference library of the specification, svix 1.x */
  g_autofree char *signature =
    muster_webhook_sign ("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "msg_p5jXN8AQM9LWM0D4loKWxJek",
                         1614265330, "{\"test\": 2432232314}");
  g_autofree char *plain = muster_webhook_sign ("any text", "a", 1, "b");
  g_autofree char *other = muster_webhook_sign ("any text", "a", 2, "b");

  g_assert_cmpstr (signature, ==, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  g_assert_cmpstr (plain, !=, other);
}

/* --- mail --- */

static void
test_mail (void)
{
  static const char *const to[] = { "a@example.org", "b@example.org", NULL };
  const MusterMail         mail = {
            .id = "id-1",
            .from = "muster@example.org",
            .from_name = "Fabrik \"Süd\"",
            .to = to,
            .subject =
      "Fehler: Kühlraum 3: 12 °C warm\r\nBcc: x@example.org – und noch viel mehr Text dahinter, der umbrochen werden muss",
            .body =
      "Erste Zeile = eins\n.\n\nLange Zeile: äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü äöü \nEnde ",
            .at = 1614265330 * (gint64)G_USEC_PER_SEC,
            .is_urgent = TRUE
  };
  g_autofree char *text = muster_mail_compose (&mail);
  g_auto (GStrv) lines = g_strsplit (text, "\r\n", -1);

  g_assert_nonnull (strstr (text, "To: <a@example.org>,\r\n <b@example.org>\r\n"));
  g_assert_nonnull (strstr (text, "Date: Thu, 25 Feb 2021 15:02:10 +0000\r\n"));
  g_assert_nonnull (strstr (text, "Message-ID: <id-1@example.org>\r\n"));
  g_assert_nonnull (strstr (text, "Importance: high\r\n"));
  g_assert_nonnull (strstr (text, "\r\nErste Zeile =3D eins\r\n.\r\n\r\n"));
  g_assert_true (g_str_has_suffix (text, "\r\nEnde=20\r\n"));
  g_assert_null (strstr (text, "\r\nBcc:"));
  for (char **line = lines; *line != NULL; line++)
    {
      g_assert_cmpuint (strlen (*line), <=, 78);
      for (const char *p = *line; *p != '\0'; p++)
        g_assert_true (*p >= ' ' && *p < 0x7f);
    }
}

/* --- ids within JSON --- */

static void
test_ids (void)
{
  const char *text =
    "[{\"channels\":[\"a\",\"b\"],\"people\":[\"p\"],\"calendar_id\":\"c\"},{\"channels\":[\"b\"]}]";
  g_autoptr (GPtrArray) found = muster_json_ids_find (text, "/steps", "channels");
  g_autofree char *without_b = muster_json_ids_remove (text, "b");
  g_autofree char *without_c = muster_json_ids_remove (text, "c");
  g_autofree char *without_d = muster_json_ids_remove (text, "zz");

  g_assert_cmpuint (found->len, ==, 3);
  g_assert_cmpstr (((MusterJsonId *)found->pdata[1])->pointer, ==, "/steps/0/channels/1");
  g_assert_cmpstr (((MusterJsonId *)found->pdata[2])->id, ==, "b");
  g_assert_cmpstr (without_b, ==,
                   "[{\"channels\":[\"a\"],\"people\":[\"p\"],\"calendar_id\":\"c\"}]");
  g_assert_cmpstr (without_c, ==,
                   "[{\"channels\":[\"a\",\"b\"],\"people\":[\"p\"]},{\"channels\":[\"b\"]}]");
  g_assert_null (without_d);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/notify-parts/backoff", test_backoff);
  g_test_add_func ("/notify-parts/rate", test_rate);
  g_test_add_func ("/notify-parts/rate-storm", test_rate_storm);
  g_test_add_func ("/notify-parts/signature", test_signature);
  g_test_add_func ("/notify-parts/mail", test_mail);
  g_test_add_func ("/notify-parts/ids", test_ids);
  return g_test_run ();
}
