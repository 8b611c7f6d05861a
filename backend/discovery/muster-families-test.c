/* SPDX-License-Identifier: GPL-3.0-or-later */
#define G_LOG_DOMAIN "muster-families-test"

#include "config.h"

#include "model/muster-device.h"
#include "muster-discovery-test-util.h"
#include "muster-families.h"

/* A record as such a device announces it, and what is to be read from it. */
typedef struct
{
  const char *type, *name, *host, *txt;
  const char *family, *kind, *mac, *serial, *id, *title, *model, *version;
} Example;

/* clang-format off */
static const Example examples[] = {
  { "_muster-node._tcp", "Lamp 3", "esp-3.local", "id=MN-0003;mac=24a160b1c2d3;model=node-1;fw=1.2.0;hw=B;pv=1;st=new;name=Lamp three", "muster", "sensor", "24:a1:60:b1:c2:d3", "MN-0003", NULL, "Lamp three", "node-1", "1.2.0" },
  { "_ddi._http", "dev1", "", "key=ddi:dev1;id=dev1;name=dev1;serial=4711;maker=ACME;model=test;version=1.0", "ddi", "controller", NULL, "4711", "dev1", "dev1", "test", "1.0" },
  { "_tasmota._mqtt", "A8032AB12345", "", "key=tasmota:A8032AB12345;id=A8032AB12345;name=Saw;mac=A8032AB12345;maker=Tasmota;model=Nous A1T;version=14.3.0;kind=actuator", "tasmota", "actuator", "a8:03:2a:b1:23:45", NULL, "A8032AB12345", "Saw", "Nous A1T", "14.3.0" },
  { "_shelly._mqtt", "shellyplus1-a8032ab12346", "", "id=shellyplus1-a8032ab12346;name=Pump;model=Plus1;version=1.4.4;kind=actuator", "shelly", "actuator", "a8:03:2a:b1:23:46", NULL, "shellyplus1-a8032ab12346", "Pump", "Plus1", "1.4.4" },
  { "_shelly-gen1._mqtt", "shelly1-E098068D0124", "", "id=shelly1-E098068D0124;mac=E098068D0124;name=Heater", "shelly-gen1", "sensor", "e0:98:06:8d:01:24", NULL, "shelly1-E098068D0124", "Heater", NULL, NULL },
  { "_esphome._mqtt", "a4cf12f03d5e", "", "id=a4cf12f03d5e;mac=a4cf12f03d5e;name=Kitchen;kind=controller", "esphome", "controller", "a4:cf:12:f0:3d:5e", NULL, "a4cf12f03d5e", "Kitchen", NULL, NULL },
  { "_zigbee2mqtt._mqtt", "0x00158d0001a2b3c4", "", "id=0x00158d0001a2b3c4;serial=0x00158d0001a2b3c4;name=Door;kind=sensor", "zigbee2mqtt", "sensor", NULL, "0x00158d0001a2b3c4", "0x00158d0001a2b3c4", "Door", NULL, NULL },
  { "_homie._mqtt", "homie/boiler", "", "id=homie/boiler;name=Boiler", "homie", "sensor", NULL, NULL, "homie/boiler", "Boiler", NULL, NULL },
  { "_ha-discovery._mqtt", "rtl_433-1", "", "id=rtl_433-1;name=Rain;maker=Acurite;model=5n1", "ha-discovery", "sensor", NULL, NULL, "rtl_433-1", "Rain", "5n1", NULL },
  { "_muster._tcp", "Hall 2", "hall.local", "id=0190;version=0.1.0", "muster-site", "service", NULL, NULL, "0190", "Hall 2", NULL, "0.1.0" },
  { "_esphomelib._tcp", "kitchen", "kitchen.local", "friendly_name=Kitchen;version=2025.5.0;mac=A4CF12F03D5E;platform=ESP32;board=esp32dev;network=wifi", "esphome", "controller", "a4:cf:12:f0:3d:5e", NULL, NULL, "Kitchen", "esp32dev", "2025.5.0" },
  { "_shelly._tcp", "shellyplusplugs-a8032ab12344", "ShellyPlusPlugS-A8032AB12344.local", "gen=2;app=PlusPlugS;ver=1.0.8", "shelly", "plug", "a8:03:2a:b1:23:44", NULL, NULL, "shellyplusplugs-a8032ab12344", "PlusPlugS", "1.0.8" },
  { "_http._tcp", "shellypro3em-a8032ab12344", "ShellyPro3EM-A8032AB12344.local", "gen=2;app=Pro3EM;ver=1.0.8", "shelly", "meter", "a8:03:2a:b1:23:44", NULL, NULL, "shellypro3em-a8032ab12344", "Pro3EM", "1.0.8" },
  { "_http._tcp", "shelly1-E098068D0123", "shelly1-E098068D0123.local", "id=shelly1-E098068D0123;fw_id=20230913-112003/v1.14.0;arch=esp8266", "shelly-gen1", "actuator", "e0:98:06:8d:01:23", NULL, "shelly1-E098068D0123", "shelly1-E098068D0123", "shelly1", "20230913-112003/v1.14.0" },
  { "_http._tcp", "tasmota-1F2E3D-7741", "tasmota-1F2E3D-7741.local", "devicetype=tasmota", "tasmota", "actuator", NULL, NULL, NULL, "tasmota-1F2E3D-7741", NULL, NULL },
  { "_http._tcp", "diskstation", "diskstation.local", "vendor=Synology;model=DS220+;serial=2150RZR123456;version_major=7;mac_address=00:11:32:aa:bb:cc|00:11:32:aa:bb:cd", "synology", "computer", NULL, "2150RZR123456", NULL, "diskstation", "DS220+", "7" },
  { "_http._tcp", "NAM-1234567", "nam-1234567.local", "manufacturer=Nettigo;mac=5C:CF:7F:01:02:03", "nettigo-air", "sensor", "5c:cf:7f:01:02:03", NULL, NULL, "NAM-1234567", NULL, NULL },
  { "_wled._tcp", "wled-desk", "wled-desk.local", "mac=e8db84e1b2c3", "wled", "light", "e8:db:84:e1:b2:c3", NULL, NULL, "wled-desk", NULL, NULL },
  { "_ewelink._tcp", "eWeLink_1000abcdef", "eWeLink_1000abcdef.local", "txtvers=1;id=1000abcdef;type=diy_plug;apivers=1;seq=3;data1={}", "ewelink", "plug", NULL, NULL, "1000abcdef", "eWeLink_1000abcdef", "diy_plug", NULL },
  { "_hue._tcp", "Hue Bridge - A1B2C3", "hue.local", "bridgeid=001788fffea1b2c3;modelid=BSB002", "hue", "gateway", "00:17:88:a1:b2:c3", NULL, "001788fffea1b2c3", "Hue Bridge - A1B2C3", "BSB002", NULL },
  { "_nanoleafapi._tcp", "Shapes 1A2B", "shapes.local", "id=00:55:DA:50:11:22;md=NL42;srcvers=7.1.0", "nanoleaf", "light", "00:55:da:50:11:22", NULL, "00:55:DA:50:11:22", "Shapes 1A2B", "NL42", "7.1.0" },
  { "_elg._tcp", "Elgato Key Light 1234", "key.local", "mf=Elgato;dt=53;id=3C:6A:9D:11:22:33;md=Elgato Key Light 20GAK9901;pv=1.0", "elgato", "light", "3c:6a:9d:11:22:33", NULL, "3C:6A:9D:11:22:33", "Elgato Key Light 1234", "Elgato Key Light 20GAK9901", "1.0" },
  { "_hwenergy._tcp", "p1meter-AABBCC", "p1.local", "api_enabled=1;path=/api/v1;serial=5c2fafaabbcc;product_type=HWE-P1;product_name=P1 Meter", "homewizard", "meter", "5c:2f:af:aa:bb:cc", "5c2fafaabbcc", NULL, "P1 Meter", "HWE-P1", NULL },
  { "_miio._udp", "yeelink-light-lamp1_miio12345678", "yeelink.local", "epoch=1;mac=7811dc010203", "miio", "other", "78:11:dc:01:02:03", NULL, "12345678", "yeelink-light-lamp1_miio12345678", "yeelink-light-lamp1", NULL },
  { "_bbxsrv._tcp", "shutterBox-g650", "bbx.local", "id=1afe34e750b8;type=shutterBox;fv=0.1022", "blebox", "actuator", NULL, NULL, "1afe34e750b8", "shutterBox-g650", "shutterBox", "0.1022" },
  { "_plugwise._tcp", "smile012345", "smile012345.local", "product=smile_open_therm;version=3.2.8", "plugwise", "gateway", NULL, NULL, NULL, "smile012345", "smile_open_therm", "3.2.8" },
  { "_lutron._tcp", "Lutron Status", "Lutron-01234567.local", "MACADDR=68:27:19:01:02:03;CODEVER=08.01;SYSTYPE=SmartBridge", "lutron", "gateway", "68:27:19:01:02:03", NULL, NULL, "Lutron Status", "SmartBridge", "08.01" },
  { "_lookin._tcp", "LOOKin_98F33163", "LOOKin_98F33163.local", NULL, "lookin", "controller", NULL, NULL, "98F33163", "LOOKin_98F33163", NULL, NULL },
  { "_dkapi._tcp", "DaikinAP12345", "daikinap.local", NULL, "daikin", "controller", NULL, NULL, NULL, "DaikinAP12345", NULL, NULL },
  { "_powerview-g3._tcp", "Powerview Generation 3", "pv.local", "serialNumber=A1B2C3D4;model=gw3;version=3.1", "powerview", "gateway", NULL, "A1B2C3D4", NULL, "Powerview Generation 3", "gw3", "3.1" },
  { "_bond._tcp", "ZZBL12345", "ZZBL12345.local", NULL, "bond", "gateway", NULL, NULL, "ZZBL12345", "ZZBL12345", NULL, NULL },
  { "_ecobee._tcp", "Living Room", "ecobee.local", "mdl=nikeSmart", "ecobee", "controller", NULL, NULL, NULL, "Living Room", "nikeSmart", NULL },
  { "_kizbox._tcp", "gateway-1234-5678-9012", "gateway.local", "gateway_pin=1234-5678-9012;fw_version=2024.1", "somfy", "gateway", NULL, "1234-5678-9012", NULL, "gateway-1234-5678-9012", NULL, "2024.1" },
  { "_technove-stations._tcp", "technove-0801", "technove.local", "mac=AA:AA:AA:AA:AA:BB", "technove", "actuator", "aa:aa:aa:aa:aa:bb", NULL, NULL, "technove-0801", NULL, NULL },
  { "_tvm._tcp", "MotionMount-1", "mm.local", "model=7355", "vogels", "actuator", NULL, NULL, NULL, "MotionMount-1", "7355", NULL },
  { "_rabbitair._udp", "rabbitair", "rabbit.local", "id=40:14:33:01:02:03", "rabbitair", "actuator", "40:14:33:01:02:03", NULL, "40:14:33:01:02:03", "rabbitair", NULL, NULL },
  { "_enphase-envoy._tcp", "envoy", "envoy.local", "serialnum=122023012345;protovers=7.6.175", "enphase", "gateway", NULL, "122023012345", NULL, "envoy", NULL, "7.6.175" },
  { "_slzb-06._tcp", "SLZB-06", "slzb-06.local", "version=1.0;radio_type=znp;mac=3c:61:05:01:02:03;serial_number=X1", "zigbee-coordinator", "gateway", "3c:61:05:01:02:03", "X1", NULL, "SLZB-06", "znp", "1.0" },
  { "_zwave-js-server._tcp", "zwave", "server.local", "homeId=3245146787", "zwave-js", "gateway", NULL, NULL, "3245146787", "zwave", NULL, NULL },
  { "_axis-video._tcp", "AXIS M1065 - ACCC8E010203", "axis.local", "macaddress=ACCC8E010203", "axis", "camera", "ac:cc:8e:01:02:03", NULL, NULL, "AXIS M1065 - ACCC8E010203", NULL, NULL },
  { "_vxi-11._tcp", "Scope", "scope.local", "txtvers=1;Manufacturer=Sample Instruments;Model=S1104;SerialNumber=S1ZA1;FirmwareVersion=4.4", "lxi", "instrument", NULL, "S1ZA1", NULL, "Scope", "S1104", "4.4" },
  { "_opcua-tcp._tcp", "PLC 1", "plc.local", "path=/;caps=DA", "opcua", "controller", NULL, NULL, NULL, "PLC 1", NULL, NULL },
  { "_ipp._tcp", "Laser", "laser.local", "UUID=1c852a4d-b800-1f08-abcd-001122334455;ty=Sample Laser 400;usb_MFG=Sample;usb_MDL=Laser 400;rp=ipp/print", "printer", "printer", NULL, NULL, "1c852a4d-b800-1f08-abcd-001122334455", "Sample Laser 400", "Laser 400", NULL },
  { "_uscan._tcp", "Laser", "laser.local", "UUID=1c852a4d-b800-1f08-abcd-001122334455;ty=Sample Laser 400;rs=eSCL", "scanner", "printer", NULL, NULL, "1c852a4d-b800-1f08-abcd-001122334455", "Sample Laser 400", "Sample Laser 400", NULL },
  { "_octoprint._tcp", "OctoPrint on bench", "octopi.local", "path=/;version=1.9.3;api=0.1;uuid=6f1c", "octoprint", "printer", NULL, NULL, "6f1c", "OctoPrint on bench", NULL, "1.9.3" },
  { "_prusalink._tcp", "mk4", "mk4.local", NULL, "prusalink", "printer", NULL, NULL, NULL, "mk4", NULL, NULL },
  { "_moonraker._tcp", "Moonraker", "voron.local", NULL, "moonraker", "printer", NULL, NULL, NULL, "Moonraker", NULL, NULL },
  { "_home-assistant._tcp", "Home", "homeassistant.local", "uuid=abcd1234;location_name=Workshop;version=2025.6.1;requires_api_password=true", "home-assistant", "service", NULL, NULL, "abcd1234", "Workshop", NULL, "2025.6.1" },
  { "_meshcop._udp", "Border router", "otbr.local", "rv=1;vn=OpenThread;mn=BorderRouter;nn=MyNet;xp=\x01\x02;tv=1.3.0", "thread-border-router", "gateway", NULL, NULL, NULL, "Border router", "BorderRouter", "1" },
  { "_sonos._tcp", "RINCON_542A1B0102030140@Office", "sonos.local", "vers=3;protovers=1.30.0", "sonos", "media", "54:2a:1b:01:02:03", NULL, NULL, "Office", NULL, "1.30.0" },
  { "_googlecast._tcp", "Chromecast-abc", "cast.local", "id=b3b0c8f0;md=Chromecast;fn=TV room;ca=4101", "googlecast", "media", NULL, NULL, "b3b0c8f0", "TV room", "Chromecast", NULL },
  { "_airplay._tcp", "TV", "tv.local", "deviceid=58:D3:49:01:02:03;model=AppleTV6,2;srcvers=670.6.2", "airplay", "media", "58:d3:49:01:02:03", NULL, NULL, "TV", "AppleTV6,2", "670.6.2" },
  { "_raop._tcp", "58D349010203@TV", "tv.local", "am=AppleTV6,2;vs=670.6.2", "airplay", "media", "58:d3:49:01:02:03", NULL, NULL, "TV", "AppleTV6,2", "670.6.2" },
  { "_androidtvremote2._tcp", "Bravia", "android.local", "bt=F8:4E:17:01:02:03", "android-tv", "media", "f8:4e:17:01:02:03", NULL, NULL, "Bravia", NULL, NULL },
  { "_amzn-wplay._tcp", "amzn.dmgr:1", "fire.local", "n=Fire TV;u=abc", "fire-tv", "media", NULL, NULL, "abc", "Fire TV", NULL, NULL },
  { "_viziocast._tcp", "Vizio", "vizio.local", "name=Lounge;mdl=P65;eth_mac=2c:64:1f:01:02:03;serial=LWZ1", "vizio", "media", "2c:64:1f:01:02:03", "LWZ1", NULL, "Lounge", "P65", NULL },
  { "_spotify-connect._tcp", "spot", "spot.local", "VERSION=1.0;CPath=/", "spotify-connect", "media", NULL, NULL, NULL, "spot", NULL, NULL },
  { "_hap._tcp", "Desk lamp", "lamp.local", "id=3A:11:22:33:44:55;md=LAMP1;ci=5;sf=1;c#=3;s#=1;ff=0;pv=1.1", "homekit", "light", NULL, NULL, "3A:11:22:33:44:55", "Desk lamp", "LAMP1", "3" },
  { "_homekit._tcp", "Hub", "hub.local", NULL, "homekit-hub", "gateway", NULL, NULL, NULL, "Hub", NULL, NULL },
  { "_matterc._udp", "DD200C20D25AE5F7", "B827EB010203.local", "D=840;VP=123+456;CM=1;DT=266;DN=Kitchen plug;RI=0A1B", "matter", "plug", "b8:27:eb:01:02:03", NULL, "0A1B", "Kitchen plug", "123+456", NULL },
  { "_matter._tcp", "2906C908D115D362-8FC7772401CD0696", "B827EB010203.local", "SII=5000;T=1", "matter", "other", "b8:27:eb:01:02:03", NULL, NULL, "2906C908D115D362-8FC7772401CD0696", NULL, NULL },
  { "_matterd._udp", "A1", "phone.local", "VP=1+2;DN=Commissioner", "matter-commissioner", "controller", NULL, NULL, NULL, "Commissioner", "1+2", NULL },
  { "_psia._tcp", "Camera 1", "cam.local", NULL, "psia-camera", "camera", NULL, NULL, NULL, "Camera 1", NULL, NULL },
  { "_CGI._tcp", "Camera 2", "cam2.local", "SerialNo=4J0", "psia-camera", "camera", NULL, "4J0", NULL, "Camera 2", NULL, NULL },
  { "_rtsp._tcp", "Door", "door.local", "path=/live", "rtsp-camera", "camera", NULL, NULL, NULL, "Door", NULL, NULL },
  { "_coap._udp", "node", "node.local", "rt=oic.d.sensor", "coap", "sensor", NULL, NULL, NULL, "node", "oic.d.sensor", NULL },
  { "_mqtt._tcp", "Mosquitto", "broker.local", NULL, "broker", "service", NULL, NULL, NULL, "Mosquitto", NULL, NULL },
  { "_arduino._tcp", "esp8266-a1b2c3", "esp8266-a1b2c3.local", "board=d1_mini;auth_upload=no", "arduino", "controller", NULL, NULL, NULL, "esp8266-a1b2c3", "d1_mini", NULL },
  { "_http._tcp", "porch", "porch.local", "version=2025.5.0;mac=a4cf12f03d5f", "esphome", "controller", "a4:cf:12:f0:3d:5f", NULL, NULL, "porch", NULL, "2025.5.0" },
  { "_prometheus-http._tcp", "metrics", "porch.local", NULL, "prometheus", "service", NULL, NULL, NULL, "metrics", NULL, NULL },
  { "_nut._tcp", "UPS", "nas.local", NULL, "nut", "service", NULL, NULL, NULL, "UPS", NULL, NULL },
  { "_system-bridge._tcp", "bridge", "pc.local", "mac=1c:69:7a:01:02:03;uuid=u1;host=pc;version=4.0", "system-bridge", "computer", "1c:69:7a:01:02:03", NULL, "u1", "pc", NULL, "4.0" },
  { "_workstation._tcp", "bench [1c:69:7a:01:02:03]", "bench.local", NULL, "workstation", "computer", "1c:69:7a:01:02:03", NULL, NULL, "bench", NULL, NULL },
  { "_device-info._tcp", "bench", "bench.local", "model=MacBookPro17,1", "device-info", "computer", NULL, NULL, NULL, "bench", "MacBookPro17,1", NULL },
  { "_sftp-ssh._tcp", "bench", "bench.local", NULL, "computer", "computer", NULL, NULL, NULL, "bench", NULL, NULL },
  { "_http._tcp", "Some page", "thing.local", "path=/", "web", "other", NULL, NULL, NULL, "Some page", NULL, NULL },
  { "_never-heard-of._udp", "Thing", "thing.local", "mac=001122334456", "other", "other", "00:11:22:33:44:56", NULL, NULL, "Thing", NULL, NULL },
};
/* clang-format on */

static void
check_example (const Example *example, MusterFamilies *families, GHashTable *hit)
{
  g_autoptr (MusterMdnsRecord) record =
              muster_test_record (example->type, example->name, example->host, "192.0.2.9", 80,
                                  example->txt);
  g_autoptr (MusterClassification) result = muster_families_classify (families, record);

  g_test_message ("%s %s", example->type, example->name);
  g_assert_cmpstr (result->family->family, ==, example->family);
  g_assert_cmpstr (muster_enum_get_nick (&muster_device_kind_enum, result->kind), ==,
                   example->kind);
  g_assert_cmpstr (result->mac, ==, example->mac);
  g_assert_cmpstr (result->serial, ==, example->serial);
  g_assert_cmpstr (result->id, ==, example->id);
  g_assert_cmpstr (result->name, ==, example->title);
  g_assert_cmpstr (result->model, ==, example->model);
  g_assert_cmpstr (result->version, ==, example->version);
  g_hash_table_add (hit, GUINT_TO_POINTER (result->family->rank + 1));
}

static void
test_rows (void)
{
  g_autoptr (MusterFamilies) families = muster_families_new ();
  g_autoptr (GHashTable) hit = g_hash_table_new (NULL, NULL);

  for (unsigned i = 0; i < G_N_ELEMENTS (examples); i++)
    check_example (&examples[i], families, hit);
  /* A row that no example takes is either untested or hidden behind another. */
  for (unsigned i = 0; i < muster_families_get_count (families); i++)
    if (!g_hash_table_contains (hit, GUINT_TO_POINTER (i + 1)))
      g_test_fail_printf ("row %u (%s) is taken by no example", i,
                          muster_families_get (families, i)->family);
}

static void
test_types (void)
{
  g_autoptr (MusterFamilies) families = muster_families_new ();
  const char *const *types = muster_families_list_types (families);

  g_assert_cmpuint (g_strv_length ((char **)types), >=, 80);
  g_assert_true (g_strv_contains (types, "_muster-node._tcp"));
  g_assert_true (g_strv_contains (types, "_srpl-tls._tcp"));
  g_assert_false (g_strv_contains (types, "*"));
}

static void
test_unknown (void)
{
  g_autoptr (MusterFamilies) families = muster_families_new_from_json ("[]", -1, NULL);
  g_autoptr (MusterMdnsRecord) record = muster_test_record ("_x._tcp", "", "", NULL, 0, NULL);
  g_autoptr (MusterClassification) result = muster_families_classify (families, record);

  g_assert_cmpstr (result->family->family, ==, "unknown");
  g_assert_cmpstr (result->name, ==, "_x._tcp");
}

static void
test_refused (void)
{
  static const struct
  {
    const char *json;
    int         code;
    const char *message;
  } cases[] = {
    { "[", MUSTER_ERROR_MALFORMED, "families: not JSON: *" },
    { "{}", MUSTER_ERROR_MALFORMED, "families: must be an array of rows" },
    { "[1]", MUSTER_ERROR_INVALID, "families: /0: must be an object" },
    { "[{}]", MUSTER_ERROR_INVALID, "families: /0: must have family, kind and types" },
    { "[{\"family\":\"a\",\"kind\":\"lamp\"}]", MUSTER_ERROR_INVALID,
      "families: /0: kind: must be a kind of device" },
    { "[{\"family\":\"\"}]", MUSTER_ERROR_INVALID,
      "families: /0: family: must be a text that is not empty" },
    { "[{\"colour\":\"red\"}]", MUSTER_ERROR_INVALID,
      "families: /0: colour: is no member of a row" },
    { "[{\"types\":[]}]", MUSTER_ERROR_INVALID,
      "families: /0: types: must be an array that is not empty" },
    { "[{\"types\":[\"http\"]}]", MUSTER_ERROR_INVALID,
      "families: /0: types: must be service types like _http._tcp" },
    { "[{\"mac\":\"mac\"}]", MUSTER_ERROR_INVALID,
      "families: /0: mac: must be an array that is not empty" },
    { "[{\"mac\":[7]}]", MUSTER_ERROR_INVALID,
      "families: /0: mac: must be a text that is not empty" },
    { "[{\"txt\":[]}]", MUSTER_ERROR_INVALID,
      "families: /0: txt: must be an object of key to glob" },
    { "[{\"kinds\":{\"key\":\"ci\"}}]", MUSTER_ERROR_INVALID,
      "families: /0: kinds: must be an object of key and map" },
    { "[{\"kinds\":{\"key\":\"ci\",\"map\":{\"1\":\"lamp\"}}}]", MUSTER_ERROR_INVALID,
      "families: /0: kinds: must be a kind of device" },
    { "[{\"pattern\":\"(\"}]", MUSTER_ERROR_INVALID, "families: /0: pattern: *" },
    { "[{\"port\":70000}]", MUSTER_ERROR_INVALID,
      "families: /0: port: must be a number from 1 to 65535" },
    { "[{\"host\":\"sometimes\"}]", MUSTER_ERROR_INVALID,
      "families: /0: host: must be unless_conflict, always or never" },
    { "[{\"probe\":\"icmp\"}]", MUSTER_ERROR_INVALID,
      "families: /0: probe: must be tcp, http or none" },
    { "[{\"family\":\"a\",\"kind\":\"light\",\"types\":[\"*\"]},{\"kind\":1}]",
      MUSTER_ERROR_INVALID, "families: /1: kind: must be a text that is not empty" },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (MusterFamilies) families =
                  muster_families_new_from_json (cases[i].json, -1, &error);

      g_test_message ("%s", cases[i].json);
      g_assert_error (error, MUSTER_ERROR, cases[i].code);
      g_assert_true (g_pattern_match_simple (cases[i].message, error->message));
      g_assert_null (families);
    }
}

static void
test_mac (void)
{
  static const struct
  {
    const char *text, *mac;
  } cases[] = {
    { "A8032AB12345", "a8:03:2a:b1:23:45" },
    { "a8-03-2a-b1-23-45", "a8:03:2a:b1:23:45" },
    { "a8:03:2a:b1:23:45", "a8:03:2a:b1:23:45" },
    { "001788fffea1b2c3", "00:17:88:a1:b2:c3" },
    { "0017881122a1b2c3", NULL },
    { "", NULL },
    { "a8032ab1234", NULL },
    { "a8032ab123456", NULL },
    { "000000000000", NULL },
    { "ffffffffffff", NULL },
    { "01005e000001", NULL },
    { "g8032ab12345", NULL },
    { "a:8032ab12345", NULL },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *mac = muster_mac_normalize (cases[i].text);

      g_assert_cmpstr (mac, ==, cases[i].mac);
    }
}

static void
test_mac_from_tail (void)
{
  static const struct
  {
    const char *name, *mac;
  } cases[] = {
    { "shellyplus1-a8032ab12345", "a8:03:2a:b1:23:45" },
    { "A8032AB12345", "a8:03:2a:b1:23:45" },
    { "plugA8032AB12345", "a8:03:2a:b1:23:45" },
    { "esp-a1b2c3", NULL },
    { "x-0a8032ab12345", NULL },
    { "550e8400-e29b-41d4-a716-446655440000", NULL },
    { "lamp", NULL },
  };

  for (unsigned i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *mac = muster_mac_from_tail (cases[i].name);

      g_assert_cmpstr (mac, ==, cases[i].mac);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/families/rows", test_rows);
  g_test_add_func ("/families/types", test_types);
  g_test_add_func ("/families/unknown", test_unknown);
  g_test_add_func ("/families/refused", test_refused);
  g_test_add_func ("/families/mac", test_mac);
  g_test_add_func ("/families/mac-from-tail", test_mac_from_tail);
  return g_test_run ();
}
