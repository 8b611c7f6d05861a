/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "config.h"

#include <stdint.h>

#include "core/muster-core-test-util.h"

/* tests/fuzz/fuzz-mqtt-families.c */
int LLVMFuzzerTestOneInput (const uint8_t *data, size_t size);

#define ROUNDS 400

static const struct
{
  const char *name, *data;
} seeds[] = {
  { "template", "{{ value_json.a.b[1] | round(1) if value_json.on else value | float(0) }}" },
  { "statements",
    "{% if value_json.n is none %}{% set x = value ~ 'y' %}{{ x }}{% else %}-{% endif %}" },
  { "tasmota",
    "\ttasmota/discovery/A8032AB12345/config\t{\"ip\":\"192.0.2.7\",\"dn\":\"Plug\",\"fn\":[\"A\"],"
    "\"hn\":\"h\",\"mac\":\"A8032AB12345\",\"md\":\"X\",\"ofln\":\"Offline\",\"onln\":\"Online\",\"sw\":"
    "\"14\",\"t\":\"plug\",\"ft\":\"%prefix%/%topic%/\",\"tp\":[\"cmnd\",\"stat\",\"tele\"],\"rl\":[1,2,0]}\n"
    "\ttele/plug/LWT\tOnline\ntele/plug/SENSOR\t{\"SI7021\":{\"Temperature\":21.5},\"TempUnit\":\"C\"}\n"
    "stat/plug/RESULT\t{\"POWER1\":\"ON\"}\nstat/plug/POWER1\tOFF\n" },
  { "shelly-gen1",
    "shellies/announce\t{\"id\":\"s1\",\"model\":\"SHSW-PM\",\"mac\":\"E098068D0123\"}\n"
    "\tshellies/s1/online\ttrue\nshellies/s1/relay/0\ton\nshellies/s1/relay/0/energy\t60\n" },
  { "shelly",
    "\tp1/online\ttrue\nmuster/p1/rpc\t{\"id\":\"info\",\"src\":\"x\",\"result\":{\"id\":\"x\",\"mac\":"
    "\"A8032AB12399\",\"gen\":2,\"app\":\"Plus1\",\"ver\":\"1\"}}\np1/events/rpc\t{\"method\":\"NotifyStatus\","
    "\"params\":{\"ts\":1795860000.5,\"switch:0\":{\"output\":true}}}\nmuster/p1/rpc\t{\"id\":1,\"src\":\"x\",\"error\":{\"message\":\"no\"}}\n" },
  { "zigbee2mqtt",
    "\tzigbee2mqtt/bridge/devices\t[{\"ieee_address\":\"0x1\",\"friendly_name\":\"a/b\",\"definition\":{\"exposes\":"
    "[{\"type\":\"light\",\"features\":[{\"type\":\"binary\",\"property\":\"state\",\"access\":7,\"value_on\":\"ON\"}]}]}}]\n"
    "zigbee2mqtt/a/b\t{\"state\":\"ON\"}\nzigbee2mqtt/a/b/availability\t{\"state\":\"offline\"}\n"
    "\tzigbee2mqtt/bridge/devices\t[]\n" },
  { "home-assistant",
    "\thomeassistant/sensor/x/config\t{\"~\":\"r/1\",\"stat_t\":\"~/t\",\"val_tpl\":\"{{ value|float|round(1) }}\","
    "\"avty\":[{\"t\":\"r/a\"}],\"dev\":{\"ids\":[\"d1\"],\"cns\":[[\"mac\",\"a4:cf:12:f0:3d:5e\"]]},\"exp_aft\":60}\nr/1/t\t4.56\n"
    "\thomeassistant/device/y/config\t{\"dev\":{\"ids\":\"d2\"},\"cmps\":{\"a\":{\"p\":\"switch\",\"stat_t\":\"q\",\"cmd_t\":\"q/set\"}}}\nq\tON\n"
    "\thomeassistant/device/y/config\t\n" },
  { "homie",
    "\thomie/5/b/$description\t{\"name\":\"B\",\"nodes\":{\"n\":{\"properties\":{\"p\":{\"datatype\":\"float\",\"format\":\"1:2\",\"settable\":true}}}}}\n"
    "\thomie/5/b/$state\tready\nhomie/5/b/n/p\t1.5\n\thomie/5/b/$state\t\n\thomie/g/$homie\t4.0\nhomie/g/a/t\t3\nhomie/g/a/t/$datatype\tfloat\n" },
  { "esphome",
    "\tesphome/discover/k\t{\"name\":\"k\",\"mac\":\"a4cf12f03d5e\",\"ip\":\"192.0.2.1\",\"port\":6053}\nk/sensor/t/state\t2.5\n"
    "k/light/l/state\t{\"state\":\"ON\"}\n" },
};

static void
test_mutations (gconstpointer data)
{
  gsize seed = GPOINTER_TO_SIZE (data);

  for (unsigned round = 0; round < ROUNDS; round++)
    {
      g_autoptr (GString) text = g_string_new (seeds[seed].data);

      for (unsigned i = round == 0 ? 0 : g_test_rand_int_range (1, 6); i > 0; i--)
        muster_test_mutate (text);
      g_assert_cmpint (LLVMFuzzerTestOneInput ((const uint8_t *)text->str, text->len), ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autofree char *path = g_strconcat ("/families-mutation/", seeds[i].name, NULL);

      g_test_add_data_func (path, GSIZE_TO_POINTER (i), test_mutations);
    }
  return g_test_run ();
}
