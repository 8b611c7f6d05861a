/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "discovery-watch"

/* Prints what Avahi finds as candidates, one JSON object a line with the wall clock in
 * milliseconds, until its standard input ends or says "quit": the discovery room without the rest
 * of the daemon. Options: [--publish NAME TYPE PORT]; on a line of standard input "scan" asks the
 * network again. */

#include "config.h"

#include <gio/gio.h>
#include <gio/gunixinputstream.h>
#include <stdlib.h>
#include <unistd.h>

#include "discovery/muster-avahi.h"
#include "discovery/muster-candidate-book.h"

typedef struct
{
  MusterMdns          *mdns;
  MusterCandidateBook *book;
  GMainLoop           *loop;
  GDataInputStream    *input;
} Watch;

static void
print_line (const char *event, const char *member, const char *json)
{
  g_print ("{\"ms\":%" G_GINT64_FORMAT ",\"event\":\"%s\",\"%s\":%s}\n", g_get_real_time () / 1000,
           event, member, json);
}

static void
print_candidate (const char *event, MusterCandidate *candidate)
{
  g_autoptr (GString) json = g_string_new (NULL);

  muster_entity_encode (MUSTER_ENTITY (candidate), json);
  print_line (event, "candidate", json->str);
}

static void
changed_cb (MusterCandidateBook *book, MusterCandidate *candidate, gpointer user_data)
{
  print_candidate ("changed", candidate);
}

static void
removed_cb (MusterCandidateBook *book, MusterCandidate *candidate, gpointer user_data)
{
  print_candidate ("removed", candidate);
}

static void
found_cb (MusterMdns *mdns, MusterMdnsRecord *record, gpointer user_data)
{
  Watch *self = user_data;

  muster_candidate_book_add (self->book, record, g_get_real_time ());
}

static void
gone_cb (MusterMdns *mdns, MusterMdnsRecord *record, gpointer user_data)
{
  Watch *self = user_data;

  muster_candidate_book_remove (self->book, record, g_get_real_time ());
}

static void
published_cb (MusterMdns *mdns, guint id, const char *name, gpointer user_data)
{
  g_autoptr (GString) json = g_string_new (NULL);

  muster_json_append_string (json, name, -1);
  print_line ("published", "name", json->str);
}

static void
status_cb (MusterMdns *mdns, gpointer user_data)
{
  g_autoptr (GString) json = g_string_new (NULL);
  const char *trouble = muster_mdns_get_trouble (mdns);

  muster_json_append_string (json, trouble != NULL ? trouble : "", -1);
  print_line ("status", "trouble", json->str);
}

static DexFuture *
stopped_cb (DexFuture *future, gpointer user_data)
{
  g_main_loop_quit (user_data);
  return dex_future_new_true ();
}

static void
line_cb (GObject *object, GAsyncResult *result, gpointer user_data)
{
  Watch           *self = user_data;
  g_autofree char *line = g_data_input_stream_read_line_finish (self->input, result, NULL, NULL);

  if (line == NULL || g_str_equal (line, "quit"))
    {
      dex_future_disown (
        dex_future_finally (muster_mdns_stop (self->mdns), stopped_cb, self->loop, NULL));
      return;
    }
  if (g_str_equal (line, "scan"))
    muster_mdns_rescan (self->mdns);
  g_data_input_stream_read_line_async (self->input, G_PRIORITY_DEFAULT, NULL, line_cb, self);
}

int
main (int argc, char **argv)
{
  g_autoptr (MusterFamilies) families = NULL;
  g_autoptr (MusterMdns) mdns = NULL;
  g_autoptr (MusterCandidateBook) book = NULL;
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_autoptr (GInputStream) base = g_unix_input_stream_new (STDIN_FILENO, FALSE);
  g_autoptr (GDataInputStream) input = g_data_input_stream_new (base);
  Watch self = { .loop = loop, .input = input };

  dex_init ();
  families = muster_families_new ();
  self.mdns = mdns = muster_avahi_new ();
  self.book = book = muster_candidate_book_new (families);
  g_signal_connect (book, "changed", G_CALLBACK (changed_cb), &self);
  g_signal_connect (book, "removed", G_CALLBACK (removed_cb), &self);
  g_signal_connect (mdns, "found", G_CALLBACK (found_cb), &self);
  g_signal_connect (mdns, "removed", G_CALLBACK (gone_cb), &self);
  g_signal_connect (mdns, "published", G_CALLBACK (published_cb), &self);
  g_signal_connect (mdns, "changed", G_CALLBACK (status_cb), &self);
  muster_mdns_start (mdns, muster_families_list_types (families));
  if (argc == 5 && g_str_equal (argv[1], "--publish"))
    {
      g_autoptr (MusterTxt) txt = muster_txt_new ();

      muster_txt_set (txt, "id", "S1");
      muster_txt_set (txt, "mac", "24a160b1c2d3");
      muster_txt_set (txt, "pv", "1");
      muster_txt_set (txt, "st", "new");
      muster_mdns_publish (mdns, argv[2], argv[3], atoi (argv[4]), txt);
    }
  g_data_input_stream_read_line_async (input, G_PRIORITY_DEFAULT, NULL, line_cb, &self);
  g_main_loop_run (loop);
  return 0;
}
