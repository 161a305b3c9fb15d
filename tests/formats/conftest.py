"""Small files of each format. Every person, group and ship in them is invented."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from baham.formats import by_name
from baham.kernel.entity import Entity
from baham.kernel.statement import Statement

UN = """<?xml version="1.0" encoding="UTF-8"?>
<CONSOLIDATED_LIST dateGenerated="2031-01-02T03:04:05Z">
  <INDIVIDUALS>
    <INDIVIDUAL>
      <DATAID>900001</DATAID><VERSIONNUM>1</VERSIONNUM>
      <FIRST_NAME>ZARTOK</FIRST_NAME><SECOND_NAME>VELMUR </SECOND_NAME><THIRD_NAME/><FOURTH_NAME>OF QUELL</FOURTH_NAME>
      <UN_LIST_TYPE>Testland</UN_LIST_TYPE><REFERENCE_NUMBER>TLi.001</REFERENCE_NUMBER>
      <LISTED_ON>2030-05-06</LISTED_ON><GENDER>Male</GENDER>
      <NAME_ORIGINAL_SCRIPT>زرتوک ولمور</NAME_ORIGINAL_SCRIPT>
      <COMMENTS1>=cmd|' /C calc'!A0</COMMENTS1>
      <TITLE><VALUE>Dr.</VALUE></TITLE>
      <DESIGNATION><VALUE>Keeper of keys</VALUE><VALUE>Ferryman</VALUE></DESIGNATION>
      <NATIONALITY><VALUE>Testland</VALUE><VALUE>Quell</VALUE></NATIONALITY>
      <LAST_DAY_UPDATED><VALUE>2030-07-01-04:00</VALUE></LAST_DAY_UPDATED>
      <INDIVIDUAL_ALIAS><QUALITY>Good</QUALITY><ALIAS_NAME>Zartuk Vilmoor</ALIAS_NAME>
        <DATE_OF_BIRTH>1968-00-00</DATE_OF_BIRTH><CITY_OF_BIRTH>Ost</CITY_OF_BIRTH>
        <COUNTRY_OF_BIRTH>Quell</COUNTRY_OF_BIRTH><NOTE>on a ferry ticket</NOTE></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY>Low</QUALITY><ALIAS_NAME>The Ferryman</ALIAS_NAME></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ALIAS><QUALITY/><ALIAS_NAME/></INDIVIDUAL_ALIAS>
      <INDIVIDUAL_ADDRESS><COUNTRY>Testland</COUNTRY></INDIVIDUAL_ADDRESS>
      <INDIVIDUAL_ADDRESS><STREET>1 Lock Lane</STREET><CITY>Ost</CITY><COUNTRY>Quell</COUNTRY>
        <NOTE>until 2029</NOTE></INDIVIDUAL_ADDRESS>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>APPROXIMATELY</TYPE_OF_DATE><YEAR>1970</YEAR></INDIVIDUAL_DATE_OF_BIRTH>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>BETWEEN</TYPE_OF_DATE><FROM_YEAR>1966</FROM_YEAR>
        <TO_YEAR>1969</TO_YEAR></INDIVIDUAL_DATE_OF_BIRTH>
      <INDIVIDUAL_DATE_OF_BIRTH><TYPE_OF_DATE>EXACT</TYPE_OF_DATE><NOTE>Nov. 1971</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
      <INDIVIDUAL_DATE_OF_BIRTH><NOTE>20-25 years old</NOTE></INDIVIDUAL_DATE_OF_BIRTH>
      <INDIVIDUAL_PLACE_OF_BIRTH><CITY>Ost</CITY><COUNTRY>Testland</COUNTRY></INDIVIDUAL_PLACE_OF_BIRTH>
      <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>Passport</TYPE_OF_DOCUMENT><NUMBER>Quell passport number QX778899</NUMBER>
        <ISSUING_COUNTRY>Quell</ISSUING_COUNTRY><DATE_OF_ISSUE>2028-01-01</DATE_OF_ISSUE></INDIVIDUAL_DOCUMENT>
      <INDIVIDUAL_DOCUMENT><TYPE_OF_DOCUMENT>National Identification Number</TYPE_OF_DOCUMENT>
        <NUMBER>55-66-77</NUMBER></INDIVIDUAL_DOCUMENT>
      <INDIVIDUAL_DOCUMENT/>
      <SORT_KEY>zartok</SORT_KEY>
    </INDIVIDUAL>
  </INDIVIDUALS>
  <ENTITIES>
    <ENTITY>
      <DATAID>900002</DATAID><FIRST_NAME>LANTERN GUILD</FIRST_NAME><UN_LIST_TYPE>Testland</UN_LIST_TYPE>
      <REFERENCE_NUMBER>TLe.001</REFERENCE_NUMBER>
      <ENTITY_ALIAS><QUALITY>a.k.a.</QUALITY><ALIAS_NAME>The Lanterns</ALIAS_NAME></ENTITY_ALIAS>
      <ENTITY_ALIAS><QUALITY>f.k.a.</QUALITY><ALIAS_NAME>Candle Guild</ALIAS_NAME></ENTITY_ALIAS>
      <ENTITY_ADDRESS><CITY>Ost</CITY><COUNTRY>Testland</COUNTRY></ENTITY_ADDRESS>
    </ENTITY>
  </ENTITIES>
</CONSOLIDATED_LIST>
"""

EU = """celex,recordId,programKey,annex,measure,startDate,reason,schema,name,alias,weakAlias,previousName,nationality,\
birthDate,birthPlace,position,passportNumber,ethnicity,address,notes
39999R0001,,EU-TEST,I,Asset freeze,6.10.2031,Because; of this,Person,Belmur Ostrand,Bel Mur; بلمور,Bel,Belmar,Quellish,\
6.1.1970; circa 1971,"Ost, Quell; Nord, Quell",Ferryman; Haji,"QX1234567 (Quell passport, expired (twice))",Ostish,\
\"""(a) 1 Lock Lane; (b) 2 Lock Lane""; Nord, Quell",One note; not two
39999R0001,,EU-TEST,II,Asset freeze,7.10.2031,,LegalEntity,Lantern Guild,,,,,,,,,,,
"""

SDN = """36,"OSTRAND, Belmur",individual,"TESTA] [TESTB","Keeper of keys",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,\
"DOB 10 Dec 1968; alt. DOB circa 1970; POB Ost, Quell; nationality Quell; citizen Testland; Gender Male; Passport \
QX1234567 (Quell) issued 01 Jan 2020 expires 01 Jan 2030; alt. National ID No. 55-66-77 (Testland); Email Address \
bel@ost.example; a.k.a. 'BEL THE BOAT'; Digital Currency Address - XBT 1AAAAAAAAAAAAAAAAAAAAAAAAAAAA; Linked To: \
LANTERN GUILD; something else 5."
40,"LANTERN GUILD",-0- ,"TESTA",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Registration Number 4455 (Quell); SWIFT/BIC \
OSTAQUXX; Organization Established Date 17 Dec 2016."
52,"MV OSTERN LIGHT",vessel,"TESTB",-0- ,OXQ55,Tug,"1,000",900,Quell,Lantern Guild,"Vessel Registration \
Identification IMO 9900001; MMSI 999000111; Former Vessel Flag Testland."
60,"OX-ABC",aircraft,"TESTB",-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,-0- ,"Aircraft Model QJ5; Aircraft Manufacturer's \
Serial Number (MSN) 4711; Aircraft Tail Number OX-ABC."
\x1a
"""
ALT = """36,1,"aka","OSTRANT, Belmoor",-0-
40,2,"fka","CANDLE GUILD",-0-
40,3,"nka","LANTERN UNION",-0-
60,4,"aka","'BLUE JAY'",-0-
\x1a
"""
ADD = """36,11,"1 Lock Lane","Ost","Quell",-0-
36,12,-0- ,-0- ,"Testland",-0-
\x1a
"""

FTM = (
    "\n".join(
        json.dumps(found, ensure_ascii=False)
        for found in (
            {
                "id": "Q-1",
                "caption": "Belmur Ostrand",
                "schema": "Person",
                "target": True,
                "datasets": ["tl_one", "tl_two"],
                "first_seen": "2031-01-01T00:00:00",
                "last_seen": "2031-02-01T00:00:00",
                "last_change": "2031-01-15T10:00:00",
                "properties": {
                    "name": ["Belmur Ostrand", "بلمور"],
                    "birthDate": ["1970-00-00"],
                    "religion": ["any"],
                    "weakAlias": ["Bel"],
                    "height": [180.5],
                },
            },
            {"id": "Q-2", "schema": "Vessel", "properties": {"name": ["Ostern Light"], "imoNumber": ["IMO9900001"]}},
        )
    )
    + "\n"
)

TARGETS = '''id,schema,name,aliases,birth_date,countries,addresses,identifiers,sanctions,phones,emails,program_ids,\
dataset,first_seen,last_seen,last_change
Q-1,Person,Belmur Ostrand,"Bel;""Ostrand; Bel""",1970;1971-02,qu,"1 Lock Lane, Ost",QX1234567;55-66-77,Test - 2031,,,\
TL-A,Testland list,2031-01-01,2031-02-01,2031-01-15
'''

MAPPING = """id;name;Alias;Date of birth;Father's name;religion;shoe size
1;Belmur Ostrand;Bel;1970;Ostran;any;44
1;Belmur Ostrand;Boatman;;;;
2;Lantern Keeper;;circa 1980;;;
"""

FSF = """<?xml version="1.0" encoding="UTF-8"?>
<export xmlns="http://eu.europa.ec/fpi/fsd/export" generationDate="2031-02-03T04:05:06.000+02:00" globalFileId="1">
  <sanctionEntity designationDetails="" unitedNationId="TLi.001" euReferenceNumber="EU.9001.1" logicalId="9001">
    <remark>Known on the ferry</remark>
    <regulation regulationType="regulation" programme="TST" numberTitle="2031/1 (OJ L1)"/>
    <subjectType code="person" classificationCode="P"/>
    <nameAlias firstName="Zartok" middleName="" lastName="Velmur" wholeName="Zartok Velmur" function="Keeper of keys"
      gender="M" title="Dr" nameLanguage="EN" strong="true" logicalId="1"/>
    <nameAlias wholeName="زرتوک ولمور" nameLanguage="PS" strong="true" logicalId="2"/>
    <nameAlias wholeName="The Ferryman" nameLanguage="" strong="false" logicalId="3"/>
    <citizenship countryIso2Code="QL" countryDescription="QUELL"/>
    <birthdate circa="true" calendarType="GREGORIAN" city="Ost" year="1968" countryDescription="QUELL"/>
    <birthdate circa="false" calendarType="GREGORIAN" birthdate="1970-04-28" dayOfMonth="28" monthOfYear="4" year="1970"
      countryDescription="UNKNOWN"/>
    <birthdate circa="false" calendarType="GREGORIAN" yearRangeFrom="1966" yearRangeTo="1969"/>
    <identification number="QX778899" identificationTypeCode="passport"
      identificationTypeDescription="National passport" countryDescription="QUELL" knownExpired="true"/>
    <address street="1 Lock Lane" city="Ost" poBox="" zipCode="" countryDescription="QUELL"/>
  </sanctionEntity>
  <sanctionEntity euReferenceNumber="" logicalId="9002"><subjectType code="enterprise" classificationCode="E"/>
    <nameAlias wholeName="Lantern Guild" strong="true"/></sanctionEntity>
</export>
"""

STIX = json.dumps(
    {
        "type": "bundle",
        "id": "bundle--00000000-0000-4000-8000-000000000000",
        "objects": [
            {
                "type": "identity",
                "spec_version": "2.1",
                "id": "identity--00000000-0000-4000-8000-000000000001",
                "created": "2031-01-02T03:04:05.678Z",
                "modified": "2031-02-02T03:04:05.678Z",
                "name": "Belmur Ostrand",
                "identity_class": "individual",
                "roles": ["Ferryman"],
                "contact_information": "bel@ost.example",
            },
            {
                "type": "intrusion-set",
                "spec_version": "2.1",
                "id": "intrusion-set--00000000-0000-4000-8000-000000000002",
                "created": "2031-01-02T03:04:05Z",
                "modified": "2031-01-02T03:04:05Z",
                "name": "Lantern Moth",
                "created_by_ref": "identity--00000000-0000-4000-8000-000000000001",
                "aliases": ["Lantern Moth", "Night Moth"],
                "description": "=cmd|' /C calc'!A0",
                "external_references": [
                    {"source_name": "ost-list", "external_id": "M0017", "url": "https://ost.example/M0017"}
                ],
            },
            {
                "type": "location",
                "spec_version": "2.1",
                "id": "location--00000000-0000-4000-8000-000000000003",
                "created": "2031-01-02T03:04:05Z",
                "modified": "2031-01-02T03:04:05Z",
                "country": "QL",
                "city": "Ost",
                "latitude": 33.50,
                "longitude": 70.1,
            },
            {
                "type": "relationship",
                "spec_version": "2.1",
                "id": "relationship--00000000-0000-4000-8000-000000000004",
                "created": "2031-01-02T03:04:05Z",
                "modified": "2031-01-02T03:04:05Z",
                "relationship_type": "attributed-to",
                "source_ref": "intrusion-set--00000000-0000-4000-8000-000000000002",
                "target_ref": "identity--00000000-0000-4000-8000-000000000001",
                "start_time": "2030-01-01T00:00:00Z",
            },
            {
                "type": "tool",
                "spec_version": "2.1",
                "id": "tool--00000000-0000-4000-8000-000000000005",
                "revoked": True,
                "created": "2031-01-02T03:04:05Z",
                "modified": "2031-01-02T03:04:05Z",
                "name": "Old lamp",
            },
            {
                "type": "email-addr",
                "spec_version": "2.1",
                "id": "email-addr--00000000-0000-5000-8000-000000000006",
                "value": "bel@ost.example",
            },
            {
                "type": "user-account",
                "spec_version": "2.1",
                "id": "user-account--00000000-0000-5000-8000-000000000007",
                "user_id": "bel70",
                "account_type": "unix",
            },
            {
                "type": "marking-definition",
                "spec_version": "2.1",
                "definition_type": "statement",
                "id": "marking-definition--00000000-0000-4000-8000-000000000008",
                "created": "2031-01-02T03:04:05Z",
                "definition": {"statement": "Copyright"},
            },
        ],
    },
    indent=1,
)

STATEMENTS = """id,entity_id,canonical_id,schema,prop,value,lang,original_value,dataset,origin,first_seen,last_seen,external
x,tl-1,Q-1,Person,name,"Belmur Ostrand",,,tl_one,,2031-01-01T00:00:00,2031-02-01T00:00:00,f
x,tl-2,Q-1,LegalEntity,alias,بلمور,ur,,tl_two,,,,f
x,tl-1,Q-1,Person,birthDate,1970-00-00,,,tl_one,,,,f
x,tl-1,Q-1,Person,religion,any,,,tl_one,,,,f
x,tl-1,Q-1,Person,alias,Somebody Else,,,tl_one,,,,t
x,tl-1,Q-1,Person,id,da39a3ee5e6b4b0d3255bfef95601890afd80709,,,tl_one,,,,f
x,tl-3,tl-3,Vessel,name,Ostern Light,,,tl_one,,,,f
"""

FILES = {
    "ftm_statements": ("statements.csv", STATEMENTS),
    "stix": ("bundle.json", STIX),
    "un_xml": ("un.xml", UN),
    "eu_csv": ("eu.csv", EU),
    "ofac_csv": ("sdn.csv", SDN),
    "eu_fsf_xml": ("fsf.xml", FSF),
    "ftm_json": ("entities.ftm.json", FTM),
    "targets_simple": ("targets.simple.csv", TARGETS),
    "csv_mapping": ("own.csv", MAPPING),
}


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Path]:
    """Writes a file, of a text or of bytes, and says where it is."""

    def write(content: str | bytes, name: str = "file.csv") -> Path:
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    return write


def said(entity: Entity, prop: str) -> list[Statement]:
    """The statements of one property."""
    return [statement for statement in entity if statement.prop == prop]


def read(name: str, path: Path, **options: object) -> list[Entity]:
    """Everything in a file, by the name of the format."""
    return list(by_name(name).read(path, "test", **options))
