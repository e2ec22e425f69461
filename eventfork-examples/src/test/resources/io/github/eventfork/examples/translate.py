"""Translates a SAM template, read from standard input, to CloudFormation, written as JSON to standard output.

Local code is taken for uploaded, as "sam package" would have left it.
"""

import json
import sys

import yaml
from samtranslator.parser.parser import Parser
from samtranslator.translator.translator import Translator

template = yaml.safe_load(sys.stdin)
for resource in template["Resources"].values():
    if resource["Type"] == "AWS::Serverless::Function":
        resource["Properties"]["CodeUri"] = "s3://uploaded/" + resource["Properties"]["CodeUri"]
json.dump(Translator({}, Parser()).translate(template, {}), sys.stdout)
