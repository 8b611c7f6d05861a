/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include "client/muster-api-json.h"
#include "factory/muster-station-words.h"

static MusterEntity *
read_entity (const MusterEntityInfo *info, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = json_from_string (text, &error);
  MusterEntity *entity;

  g_assert_no_error (error);
  entity = muster_entity_new_from_json (info, json_node_get_object (node), &error);
  g_assert_no_error (error);
  return entity;
}

static const struct
{
  const char *batch, *unit, *port, *tool;
  gboolean    is_sending;

  MusterStationState state;
  const char        *words, *more, *ports;
} cases[] = {
  { NULL, NULL, NULL, NULL, FALSE, MUSTER_STATION_NOT_READ, "Reads the Batch", "", "Port…" },
  { "{'wanted':2}", NULL, NULL, NULL, FALSE, MUSTER_STATION_PORTLESS, "Which Port?",
    "Boards come on one port here; choose it once.", "Port…" },
  { "{'wanted':2}", NULL, "/dev/ttyUSB0", NULL, FALSE, MUSTER_STATION_READY,
    "Put a Board on the Port", "Put it on ttyUSB0, then press Enter.", "ttyUSB0" },
  { "{'wanted':2}", NULL, "/dev/ttyUSB0", "/dev/ttyACM0", TRUE, MUSTER_STATION_BUSY, "Begins", "",
    "ttyUSB0, tool at ttyACM0" },
  { "{'wanted':2}", "{'status':'waiting','port':'/dev/ttyUSB0','waits_for':'flash batch Nine'}",
    "/dev/ttyUSB0", NULL, FALSE, MUSTER_STATION_BUSY, "Waiting",
    "The port is in use: flash batch Nine. It begins when that is done.", "ttyUSB0" },
  { "{'wanted':2}",
    "{'status':'asking','serial':'H-1','port':'/dev/ttyUSB0','question':'Is it lit?'}",
    "/dev/ttyUSB0", NULL, FALSE, MUSTER_STATION_ASKING, "Is it lit?", "H-1 · press Y or N",
    "ttyUSB0" },
  { "{'wanted':2,'passed':1}", "{'status':'passed','serial':'H-1','port':'/dev/ttyUSB0'}",
    "/dev/ttyUSB0", NULL, FALSE, MUSTER_STATION_PASSED, "Passed",
    "H-1\nPut the next board on ttyUSB0, then press Enter.", "ttyUSB0" },
  { "{'wanted':1,'passed':1}", "{'status':'passed','serial':'H-1','port':'/dev/ttyUSB0'}",
    "/dev/ttyUSB0", NULL, FALSE, MUSTER_STATION_PASSED, "Passed",
    "H-1\nThat was the last one of this batch.", "ttyUSB0" },
  { "{'wanted':2}",
    "{'status':'failed','port':'/dev/ttyUSB0','step':'Give the identity','error':'no answer'}",
    "/dev/ttyUSB0", NULL, FALSE, MUSTER_STATION_FAILED, "Failed",
    "Board on ttyUSB0 at “Give the identity”\nNo answer", "ttyUSB0" },
  { "{'wanted':1,'passed':1}", NULL, "/dev/ttyUSB0", NULL, FALSE, MUSTER_STATION_COMPLETE,
    "This Batch Is Complete", "", "ttyUSB0" },
  { "{'wanted':1,'status':'closed'}", NULL, NULL, NULL, FALSE, MUSTER_STATION_COMPLETE,
    "This Batch Is Complete", "", "Port…" },
};

static void
test_states (void)
{
  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (MusterEntity) batch = cases[i].batch != NULL
                                        ? read_entity (&muster_factory_batch_info, cases[i].batch)
                                        : NULL;
      g_autoptr (MusterEntity) unit = cases[i].unit != NULL
                                       ? read_entity (&muster_factory_unit_info, cases[i].unit)
                                       : NULL;
      const MusterStation station = { batch, unit, (char *)cases[i].port, (char *)cases[i].tool,
                                      cases[i].is_sending };
      g_autofree char    *words = muster_station_describe_state (&station, cases[i].state);
      g_autofree char    *more = muster_station_describe_more (&station, cases[i].state);
      g_autofree char    *ports = muster_station_describe_ports (&station);

      g_assert_cmpint (muster_station_find_state (&station), ==, cases[i].state);
      g_assert_cmpstr (words, ==, cases[i].words);
      g_assert_cmpstr (more, ==, cases[i].more);
      g_assert_cmpstr (ports, ==, cases[i].ports);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/station-words/states", test_states);
  return g_test_run ();
}
